package dev.stowage.evidence.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WholeFileTest {
  private static final byte[] NEW = {1, 2, 3, 4};

  @TempDir Path folder;

  private final StubbornDevice device = new StubbornDevice();
  private Path file;

  @BeforeEach
  void former() throws IOException {
    file = Files.write(folder.resolve("f"), new byte[] {9});
  }

  @Test
  void write_forcesThePartBeforeItsName() throws IOException {
    written();
    assertThat(device.steps).containsExactly("write", "force", "rename", "force folder");
    assertThat(file).hasBinaryContent(NEW);
    assertThat(folder).isDirectoryNotContaining("glob:**.part");
  }

  @ParameterizedTest
  @ValueSource(strings = {"write", "force", "rename"})
  void write_thatIsRefused_leavesTheFormerContentsAndNoPart(String step) {
    device.refuses = step;
    assertThatExceptionOfType(FileSystemException.class)
        .isThrownBy(this::written)
        .withMessageContaining(folder.resolve("f.part").toString())
        .withMessageContaining(step.equals("write") ? "4 bytes" : "in the place of f")
        .withMessageEndingWith("No space left on device");
    assertThat(file).hasBinaryContent(new byte[] {9});
    assertThat(folder).isDirectoryNotContaining("glob:**.part");
  }

  @Test
  void folder_thatCannotBeForced_isAFailure() {
    device.refuses = "force folder";
    assertThatExceptionOfType(FileSystemException.class).isThrownBy(this::written);
    assertThat(file).hasBinaryContent(NEW);
  }

  @Test
  void part_thatACrashLeft_isOverwritten() throws IOException {
    Files.write(folder.resolve("f.part"), new byte[100]);
    WholeFile.write(file, NEW);
    assertThat(file).hasBinaryContent(NEW);
  }

  @Test
  void write_onAnInterruptedThread_isDoneAndTheThreadStaysInterrupted() throws IOException {
    Thread.currentThread().interrupt();
    try {
      WholeFile.write(file, NEW);
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
    assertThat(file).hasBinaryContent(NEW);
  }

  @Test
  void write_overAFolder_leavesIt() throws IOException {
    Path inner = Files.createDirectory(folder.resolve("inner"));
    assertThatExceptionOfType(FileSystemException.class)
        .isThrownBy(() -> WholeFile.write(inner, NEW));
    assertThat(inner).isEmptyDirectory();
    assertThat(folder).isDirectoryNotContaining("glob:**.part");
  }

  @Test
  void write_whereThereIsNoFolder_isRefused() {
    assertThatExceptionOfType(FileSystemException.class)
        .isThrownBy(() -> WholeFile.write(folder.resolve("none").resolve("f"), NEW))
        .withMessageContaining("NoSuchFileException");
    assertThatIllegalArgumentException().isThrownBy(() -> WholeFile.of(folder.getRoot()));
  }

  private void written() throws IOException {
    try (WholeFile whole = new WholeFile(file, folder.resolve("f.part"), device)) {
      whole.write(NEW);
      whole.keep();
    }
  }
}
