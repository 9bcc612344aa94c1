package dev.stowage.sim.kit.reference;

import dev.stowage.command.Command;
import dev.stowage.command.Command.Bounds;
import dev.stowage.command.ProposedChunk;
import dev.stowage.lifecycle.rows.CommandCodec;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.Incarnation;
import java.util.List;

/** The commands beyond the size bounds of section 9, measured by encoding them. */
final class RefBounds {
  /** The version of the encoding, the kind, and the count of the fields. */
  private static final int AROUND = 3;

  private RefBounds() {}

  /** Returns the refusal of a command that is too large as a whole; empty if it fits. */
  static String refusal(RefFleet fleet, Command<?> command) {
    if (!isTooLarge(command)) {
      return "";
    }
    if (command instanceof Command.Ingest ingest) {
      return eachOf(ingest.chunks());
    }
    if (command instanceof Command.Offer offer) {
      return eachOf(offer.chunks());
    }
    if (command instanceof Command.RegisterSwap) {
      return "TOO_LARGE swap 0";
    }
    if (command instanceof Command.Register) {
      return "TOO_LARGE life " + Incarnation.of(0) + " " + fleet.era().token() + " report 0";
    }
    if (command instanceof Command.Configure) {
      return "TOO_LARGE version " + fleet.configVersion;
    }
    return command instanceof Command.Wish || command instanceof Command.Unwish
        ? "TOO_LARGE version " + fleet.wishesVersion
        : "TOO_LARGE";
  }

  static boolean isTooLarge(ProposedChunk chunk) {
    return chunk.eligibility().requiredLabels().sorted().size() > Bounds.LABELS;
  }

  private static boolean isTooLarge(Command<?> command) {
    if (command instanceof Command.Ingest ingest) {
      return isTooLarge(ingest.chunks());
    }
    if (command instanceof Command.Offer offer) {
      return isTooLarge(offer.chunks());
    }
    if (command instanceof Command.RegisterSwap swap) {
      return isTooLarge(swap);
    }
    if (command instanceof Command.Register register) {
      return register.diskId().length() > Bounds.NAME_CHARACTERS;
    }
    if (command instanceof Command.Applied applied) {
      return applied.missing().size() > Bounds.NUMBERS;
    }
    if (command instanceof Command.Lost lost) {
      return lost.chunks().size() > Bounds.NUMBERS;
    }
    if (command instanceof Command.Inventory inventory) {
      return inventory.chunks().size() > Bounds.NUMBERS;
    }
    if (command instanceof Command.InventoryPart part) {
      return part.of() > Bounds.PARTS || part.chunks().size() > Bounds.NUMBERS;
    }
    if (command instanceof Command.Describe describe) {
      return describe.description().zone().length() > Bounds.NAME_CHARACTERS
          || describe.description().labels().sorted().size() > Bounds.LABELS;
    }
    if (command instanceof Command.Wish wish) {
      return wish.wish().chunkId().orElse("").length() > Bounds.NAME_CHARACTERS;
    }
    if (command instanceof Command.Unwish wish) {
      return wish.wish().chunkId().orElse("").length() > Bounds.NAME_CHARACTERS;
    }
    return command instanceof Command.Configure
        && CommandCodec.toBytes(command).length - AROUND - Long.BYTES - Integer.BYTES
            > Bounds.CONFIG_BYTES;
  }

  private static boolean isTooLarge(List<ProposedChunk> chunks) {
    return chunks.size() > Bounds.CHUNKS || bytesOf(chunks) > Bounds.CHUNK_BYTES;
  }

  private static boolean isTooLarge(Command.RegisterSwap swap) {
    long bytes = bytesOf(swap.newChunks());
    for (ChunkKey old : swap.oldChunks()) {
      bytes += CommandCodec.toBytes(new Command.Remove(old)).length - AROUND;
    }
    return swap.oldChunks().size() > Bounds.CHUNKS
        || swap.newChunks().size() > Bounds.CHUNKS
        || bytes > Bounds.CHUNK_BYTES
        || swap.newChunks().stream().anyMatch(RefBounds::isTooLarge);
  }

  private static long bytesOf(List<ProposedChunk> chunks) {
    return (long) CommandCodec.toBytes(new Command.Ingest(chunks)).length - AROUND - Integer.BYTES;
  }

  private static String eachOf(List<ProposedChunk> chunks) {
    StringBuilder words = new StringBuilder();
    for (ProposedChunk chunk : chunks) {
      words.append(ResultWords.item(chunk.key(), "TOO_LARGE", null, null));
    }
    return words.toString();
  }
}
