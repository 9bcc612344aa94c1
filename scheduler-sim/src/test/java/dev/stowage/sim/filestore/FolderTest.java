package dev.stowage.sim.filestore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.store.StorageException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a folder does that is damaged, foreign, another's, or left behind by a killed process. */
class FolderTest {
  @TempDir private Path folder;

  // ---- damage ----

  @Test
  void journal_cutAnywhere_keepsWhatWasTold() throws IOException {
    assertThat(FolderCuts.findings(folder)).isEmpty();
  }

  @Test
  void anyFlippedBit_isFound_andItsRecordNamed() throws IOException {
    Path journal = written(4);
    byte[] all = Files.readAllBytes(journal);
    for (int at = Journal.HEADER; at < all.length; at++) {
      byte[] damaged = all.clone();
      damaged[at] ^= 1;
      Files.write(journal, damaged);
      assertThatThrownBy(() -> FolderCuts.open(folder))
          .as("byte %d", at)
          .isInstanceOf(StorageException.Corrupt.class)
          .hasMessageContaining(journal + " has at byte ")
          .hasMessageContaining("restore a backup");
    }
    byte[] damaged = all.clone();
    damaged[Journal.HEADER + 3] ^= 1;
    Files.write(journal, damaged);
    assertThatThrownBy(() -> FolderCuts.open(folder))
        .hasMessageContaining("at byte " + Journal.HEADER + " the frame of a record");
  }

  @Test
  void zerosBehindTheLastRecord_areAFileThatGrewBeforeItsBytesCame() throws IOException {
    Path journal = written(4);
    byte[] all = Files.readAllBytes(journal);
    Files.write(journal, Arrays.copyOf(all, all.length + 100));
    try (FileChunkStore store = FolderCuts.open(folder)) {
      assertThat(FolderCuts.chunks(store)).isEqualTo(4);
    }
    assertThat(Files.size(journal)).isEqualTo(all.length);
  }

  @Test
  void rewriting_thatDidNotEnd_isSweptAway() throws IOException {
    Path journal = written(4);
    Path unfinished = folder.resolve("journal-0000000002.new");
    Files.write(unfinished, new byte[100]);
    try (FileChunkStore store = FolderCuts.open(folder)) {
      assertThat(FolderCuts.chunks(store)).isEqualTo(4);
    }
    assertThat(unfinished).doesNotExist();
    assertThat(journal).exists();
  }

  // ---- not ours ----

  @Test
  void formatOfTheFuture_isRefused() throws IOException {
    Path journal = written(1);
    byte[] all = Files.readAllBytes(journal);
    all[Journal.HEADER - 1] = Journal.FORMAT + 1;
    Files.write(journal, all);
    assertThatThrownBy(() -> FolderCuts.open(folder))
        .isInstanceOf(StorageException.Corrupt.class)
        .hasMessageContaining(journal + " is of format 2, this library reads 1");
    assertThat(journal).hasBinaryContent(all);
  }

  @Test
  void foreignFile_isRefused_andLeftAlone() throws IOException {
    Path notes = Files.writeString(folder.resolve("notes.txt"), "not ours");
    assertThatThrownBy(() -> FolderCuts.open(folder))
        .isInstanceOf(StorageException.Corrupt.class)
        .hasMessageContaining(notes + " is no file of a fleet");
    assertThat(notes).hasContent("not ours");
    Files.move(notes, folder.resolve("journal-0000000001"));
    assertThatThrownBy(() -> FolderCuts.open(folder))
        .isInstanceOf(StorageException.Corrupt.class)
        .hasMessageContaining("something else than a journal");
  }

  @Test
  void folder_thatThisProcessHasOpen_isRefused() {
    try (FileChunkStore store = FolderCuts.open(folder)) {
      assertThatThrownBy(() -> FolderCuts.open(folder))
          .isInstanceOf(StorageException.Transient.class)
          .hasMessageContaining("another process has the folder open");
      assertThat(store.lease()).isEmpty();
    }
    FolderCuts.open(folder).close();
  }

  // ---- another process ----

  /** Killed in the middle of its work, several times, it loses nothing that it had told. */
  @Test
  void killedProcess_losesNothingThatItTold() throws Exception {
    long told = -1;
    for (int kill = 1; kill <= 3; kill++) {
      told = killed(told + 20L * kill);
      try (FileChunkStore store = FolderCuts.open(folder)) {
        long found = FolderCuts.chunks(store);
        assertThat(found).isBetween(told + 1, told + 2);
        WriterProcess.write(store, 0, number -> {});
      }
    }
  }

  /** Runs a writer until it has told this much, and kills it; the last that it told. */
  private long killed(long enough) throws IOException, InterruptedException {
    String classPath =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    List<String> command =
        List.of(
            java.toString(),
            "-XX:TieredStopAtLevel=1",
            "-Xshare:auto",
            "-cp",
            classPath,
            WriterProcess.class.getName(),
            folder.toString());
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    long last = -1;
    try (BufferedReader told = process.inputReader(StandardCharsets.UTF_8)) {
      String line = told.readLine();
      while (line != null) {
        last = Long.parseLong(line);
        if (last == enough) {
          assertThatThrownBy(() -> FolderCuts.open(folder))
              .as("while it lives, it has the folder")
              .isInstanceOf(StorageException.Transient.class);
          process.toHandle().destroyForcibly(); // what it had told stays readable
        }
        line = told.readLine();
      }
    } finally {
      process.destroyForcibly();
    }
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    assertThat(last).isGreaterThanOrEqualTo(enough);
    return last;
  }

  private Path written(int chunks) {
    try (FileChunkStore store = FolderCuts.open(folder)) {
      WriterProcess.write(store, chunks, number -> {});
    }
    return FolderCuts.journal(folder);
  }
}
