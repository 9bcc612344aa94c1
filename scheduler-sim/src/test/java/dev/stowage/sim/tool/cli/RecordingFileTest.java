package dev.stowage.sim.tool.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.stowage.evidence.ChainPoint;
import dev.stowage.evidence.EvidenceException;
import dev.stowage.evidence.EvidenceHeader;
import dev.stowage.evidence.Hash256;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

class RecordingFileTest {
  /** A device of Linux to which nothing can be written. */
  private static final Path FULL = Path.of("/dev/full");

  private static final EvidenceHeader HEADER = EvidenceHeader.of("test", Hash256.ZERO, 1);

  @TempDir Path folder;

  @Test
  @EnabledIf("hasAFullDevice")
  void keep_ofARecordingThatLostRecords_isRefusedAndKeepsTheOldFile() throws Exception {
    Path place = Files.writeString(folder.resolve("run"), "good");
    Files.createSymbolicLink(folder.resolve("run.part"), FULL);
    try (RecordingFile recording = RecordingFile.begun(place)) {
      assertThatExceptionOfType(EvidenceException.Unavailable.class)
          .isThrownBy(() -> recording.sink().begin(HEADER, ChainPoint.originOf(HEADER)));
      assertThatExceptionOfType(OutputException.class)
          .isThrownBy(recording::keep)
          .withMessageStartingWith(place + ": expected a disk with room for the whole recording")
          .withMessageEndingWith("No space left on device");
    }
    assertThat(place).hasContent("good");
    assertThat(folder.resolve("run.part")).doesNotExist();
  }

  @Test
  void keep_ofAWholeRecording_replacesTheOldFile() throws Exception {
    Path place = Files.writeString(folder.resolve("run"), "old");
    try (RecordingFile recording = RecordingFile.begun(place)) {
      recording.sink().begin(HEADER, ChainPoint.originOf(HEADER));
      recording.keep();
    }
    assertThat(place).binaryContent().startsWith("STOWEVD".getBytes(US_ASCII));
    assertThat(folder.resolve("run.part")).doesNotExist();
  }

  static boolean hasAFullDevice() {
    return Files.isWritable(FULL);
  }
}
