package dev.stowage.replay;

import dev.stowage.command.Command;
import dev.stowage.command.ProposedChunk;
import dev.stowage.engine.EngineRecords;
import dev.stowage.evidence.EvidenceRecord;
import dev.stowage.evidence.Subject;
import dev.stowage.lifecycle.rows.CommandCodec;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.Tick;
import dev.stowage.model.WorkerStatus;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Tells what an operator or the host did, and what came of it.
 *
 * @param index the place of its record in the chain of evidence
 * @param by the name of an operator, or the holder's if it was not drawn; else whether the leader
 *     or another process gave the command
 * @param what the commands, in words
 * @param answer the result code, and reasons if there are some
 * @param about the subjects of the commands
 * @param effects what came of the commands, in order
 */
public record Deed(
    long index,
    Tick tick,
    String by,
    String what,
    String answer,
    List<Subject> about,
    List<Effect> effects) {
  private static final String FREEZE = "the freeze";

  /** Copies the lists; throws {@link NullPointerException} if a component is null. */
  public Deed {
    about = List.copyOf(about);
    effects = List.copyOf(effects);
  }

  /**
   * The end of what a command began: a leave, an announced absence, a freeze or a swap.
   *
   * @param what a clause, such as {@code w7 was empty}
   * @param copies the copies that were made for a leave, as {@code progress} counts them; else 0
   * @param bytes their bytes
   */
  public record Effect(Tick tick, String what, long copies, long bytes) {}

  /** Returns the deeds among records, in their order. */
  public static List<Deed> in(Iterable<EvidenceRecord> records) {
    List<Deed> deeds = new ArrayList<>();
    Map<String, Integer> begun = new HashMap<>();
    for (EvidenceRecord record : records) {
      EngineRecords.Input input = record.isDeed() ? EngineRecords.ALL.input(record) : null;
      if (input instanceof EngineRecords.Done it) {
        List<Command<?>> parts =
            it.command() instanceof Command.CarryOut all ? all.commands() : List.of(it.command());
        for (Command<?> part : parts) {
          begins(part).forEach(what -> begun.put(what, deeds.size()));
          if (part instanceof Command.Unfreeze) {
            end(FREEZE, new Effect(it.tick(), FREEZE + " was over", 0, 0), deeds, begun);
          }
        }
        String what = String.join("; ", parts.stream().map(CommandCodec.FORM::print).toList());
        List<Subject> about = EngineReplay.catalog().explain(record).subjects();
        deeds.add(
            new Deed(record.index(), it.tick(), it.by(), what, it.answer(), about, List.of()));
      } else if (input instanceof EngineRecords.Emptied it) {
        String what = it.worker() + " was empty";
        Effect effect = new Effect(it.tick(), what, it.copies(), it.bytes());
        end(it.worker().value(), effect, deeds, begun);
      } else if (input instanceof EngineRecords.Ended it) {
        end(it.what(), new Effect(it.tick(), it.what() + " " + it.how(), 0, 0), deeds, begun);
      }
    }
    return List.copyOf(deeds);
  }

  /** Returns what a command begins that a later record ends. */
  private static List<String> begins(Command<?> command) {
    if (command instanceof Command.Replace it) {
      return List.of(it.worker().value());
    } else if (command instanceof Command.SetStatus it && it.status() == WorkerStatus.LEAVING) {
      return List.of(it.worker().value());
    } else if (command instanceof Command.Away it && !it.isBack()) {
      return List.of(EngineRecords.Ended.absence(it.worker()));
    } else if (command instanceof Command.RegisterSwap it) {
      Stream<ChunkKey> young = it.newChunks().stream().map(ProposedChunk::key);
      return Stream.concat(young, it.oldChunks().stream()).map(EngineRecords.Ended::swap).toList();
    }
    return command instanceof Command.Freeze ? List.of(FREEZE) : List.of();
  }

  private static void end(
      String what, Effect effect, List<Deed> deeds, Map<String, Integer> begun) {
    Integer at = begun.remove(what);
    if (at != null) {
      deeds.set(at, deeds.get(at).with(effect));
    }
  }

  private Deed with(Effect effect) {
    List<Effect> all = new ArrayList<>(effects);
    all.add(effect);
    return new Deed(index, tick, by, what, answer, about, all);
  }
}
