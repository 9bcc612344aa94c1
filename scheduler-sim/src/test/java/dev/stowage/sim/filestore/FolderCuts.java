package dev.stowage.sim.filestore;

import dev.stowage.model.ChunkKey;
import dev.stowage.store.Commit.CommitOutcome;
import dev.stowage.store.StorageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A process that dies anywhere: a short story is written, and its journal cut at each byte and
 * opened again. Then there is what had been told to be durable when the journal was that long, or
 * the one record more that was under way, and never a half of it.
 */
final class FolderCuts {
  private static final int CHUNKS = 6;
  private static final FileChunkStore.Tuning TUNING =
      new FileChunkStore.Tuning(Long.MAX_VALUE, Journal.Durability.PROCESS);

  /** At each so many bytes the store is written to after it was cut. */
  private static final int GOING_ON = 61;

  private FolderCuts() {}

  /** What was told: how many chunks are durable once the journal has a length. */
  private static TreeMap<Long, Long> told(Path folder) throws IOException {
    TreeMap<Long, Long> told = new TreeMap<>();
    told.put(0L, 0L);
    try (FileChunkStore store = open(folder)) {
      WriterProcess.write(store, CHUNKS, number -> told.put(length(journal(folder)), number + 1));
    }
    return told;
  }

  /** Cuts at each byte; what is wrong then, the first few. */
  static List<String> findings(Path folder) throws IOException {
    Path original = Files.createDirectory(folder.resolve("original"));
    TreeMap<Long, Long> told = told(original);
    byte[] all = Files.readAllBytes(journal(original));
    List<String> findings = new ArrayList<>();
    Path cut = Files.createDirectory(folder.resolve("cut"));
    for (int length = Journal.HEADER; length <= all.length && findings.size() < 5; length++) {
      Files.write(cut.resolve(journal(original).getFileName()), Arrays.copyOf(all, length));
      long least = told.floorEntry((long) length).getValue();
      try {
        requireWhole(cut, least);
        if (length % GOING_ON == 0) {
          goOn(cut);
        }
      } catch (StorageException | AssertionError broken) {
        findings.add("cut at " + length + ": " + broken);
      }
    }
    return findings;
  }

  private static void requireWhole(Path cut, long told) {
    try (FileChunkStore store = open(cut)) {
      long found = chunks(store);
      if (found < told || found > told + 1) {
        throw new AssertionError(found + " chunks, " + told + " were told");
      }
      for (long number = 0; number < CHUNKS; number++) {
        boolean isThere = number < found;
        boolean isKnown = store.outcomeOf(WriterProcess.keyOf(number)) == CommitOutcome.COMMITTED;
        if (WriterProcess.isLeaders(number) && isKnown != isThere) {
          throw new AssertionError("chunk " + number + " and its commit are not one");
        }
      }
    }
  }

  /** What was cut off leaves nothing behind in the way of those who write next. */
  private static void goOn(Path cut) {
    long before;
    try (FileChunkStore store = open(cut)) {
      before = chunks(store);
      WriterProcess.write(store, 2, number -> {});
    }
    try (FileChunkStore store = open(cut)) {
      long after = chunks(store);
      if (after != before + 2) {
        throw new AssertionError(before + " chunks and 2 more are " + after);
      }
    }
  }

  /** Chunks that the store knows, told by it to anybody; they have no gap. */
  static long chunks(FileChunkStore store) {
    long count = 0;
    try {
      while (store.status(List.of(ChunkKey.of("d", "c" + count))).get(0).state().isPresent()) {
        count++;
      }
    } catch (StorageException.Transient notBegun) {
      return 0;
    }
    return count;
  }

  /** A store in whose journal everything stays as it was written. */
  static FileChunkStore open(Path folder) {
    return FileChunkStore.open(folder, () -> 1, () -> 1, TUNING);
  }

  static Path journal(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.getFileName().toString().startsWith("journal-"))
          .sorted()
          .reduce((first, second) -> second)
          .orElseThrow();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static long length(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
