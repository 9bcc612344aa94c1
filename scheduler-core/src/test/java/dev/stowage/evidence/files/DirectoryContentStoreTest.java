package dev.stowage.evidence.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.stowage.evidence.EvidenceException;
import dev.stowage.evidence.EvidenceRecord.RecordType;
import dev.stowage.evidence.Hash256;
import dev.stowage.evidence.canonical.HashChain;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DirectoryContentStoreTest {
  private static final RecordType TYPE = RecordType.outcome(0x7020, "TEST_MOVED");
  private static final byte[] CONTENT = {1, 2, 3, 4, 5, 6};

  @TempDir Path temp;

  private final StubbornDevice device = new StubbornDevice();

  @Test
  void put_isOnTheDeviceUnderItsName() throws IOException {
    Hash256 address = store().put(TYPE, CONTENT);
    assertThat(device.steps).containsExactly("write", "force", "rename", "force folder");
    assertThat(names()).containsExactly(address + ".blob");
  }

  @Test
  void put_ofAContentThatIsThere_forcesItsNameAlone() {
    store().put(TYPE, CONTENT);
    device.steps.clear();
    store().put(TYPE, CONTENT);
    assertThat(device.steps).containsExactly("force folder");
  }

  @ParameterizedTest
  @ValueSource(strings = {"write", "force", "rename"})
  void put_thatIsRefused_leavesNothingAndCanBeRepeated(String step) throws IOException {
    DirectoryContentStore store = store();
    device.refuses = step;
    assertThatExceptionOfType(EvidenceException.Unavailable.class)
        .isThrownBy(() -> store.put(TYPE, CONTENT))
        .withMessage("cannot keep 6 bytes as " + file())
        .havingCause()
        .withMessageContaining("No space left on device");
    assertThat(names()).isEmpty();

    device.refuses = "";
    assertThat(store.find(TYPE, store.put(TYPE, CONTENT))).contains(CONTENT);
  }

  @Test
  void name_thatCouldNotBeForced_isForcedByTheNextPut() {
    device.refuses = "force folder";
    for (int time = 0; time < 2; time++) {
      assertThatExceptionOfType(EvidenceException.Unavailable.class)
          .isThrownBy(() -> store().put(TYPE, CONTENT));
    }
  }

  @Test
  void file_ofAnotherSize_isReplaced() throws IOException {
    Files.write(file(), new byte[0]); // a rename whose bytes a crash of the machine lost
    DirectoryContentStore store = store();
    assertThat(store.find(TYPE, store.put(TYPE, CONTENT))).contains(CONTENT);
  }

  @Test
  void folder_inPlaceOfTheFile_isAFailure() throws IOException {
    Files.createDirectory(file());
    assertThatExceptionOfType(EvidenceException.Unavailable.class)
        .isThrownBy(() -> store().put(TYPE, CONTENT));
    assertThat(names()).containsExactly(file().getFileName().toString());
  }

  @Test
  void directory_thatIsAFile_isRefused() throws IOException {
    Path file = Files.write(temp.resolve("file"), CONTENT);
    assertThatExceptionOfType(EvidenceException.Unavailable.class)
        .isThrownBy(() -> new DirectoryContentStore(file))
        .withMessage("cannot open " + file);
  }

  @Test
  void directory_thatIsGone_isAFailureOfThePut() throws IOException {
    Path inner = temp.resolve("inner");
    DirectoryContentStore store = new DirectoryContentStore(inner);
    Files.delete(inner);
    assertThatExceptionOfType(EvidenceException.Unavailable.class)
        .isThrownBy(() -> store.put(TYPE, CONTENT))
        .withMessageStartingWith("cannot keep 6 bytes as " + inner);
  }

  @Test
  void opening_deletesPartsOfADayAgoAlone() throws IOException {
    Path fresh = Files.write(temp.resolve("a.0.part"), CONTENT);
    long now = Files.getLastModifiedTime(fresh).toMillis();
    long day = 86_400_000;
    aged("b.0.part", now - day + 3_600_000);
    aged("c.0.part", now - day);
    aged("d.0.part", now - 10 * day);
    aged("e.blob", now - 10 * day);
    store();
    assertThat(names()).containsExactly("a.0.part", "b.0.part", "e.blob");
  }

  @Test
  void part_ofAnotherPut_isLeftToIt() throws IOException {
    Path other = Files.write(temp.resolve(address() + ".0.part"), new byte[] {1});
    store().put(TYPE, CONTENT);
    assertThat(other).hasBinaryContent(new byte[] {1});
    assertThat(names()).containsExactlyInAnyOrder(address() + ".0.part", address() + ".blob");
  }

  @Test
  void put_onAnInterruptedThread_isDone() {
    DirectoryContentStore store = new DirectoryContentStore(temp);
    Thread.currentThread().interrupt();
    try {
      assertThat(store.put(TYPE, CONTENT)).isEqualTo(address());
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
    assertThat(store.find(TYPE, address())).contains(CONTENT);
  }

  private DirectoryContentStore store() {
    return new DirectoryContentStore(temp, device);
  }

  private void aged(String name, long millis) throws IOException {
    Files.setLastModifiedTime(
        Files.write(temp.resolve(name), CONTENT), FileTime.fromMillis(millis));
  }

  private static Hash256 address() {
    return HashChain.contentAddress(TYPE.wire(), CONTENT);
  }

  private Path file() {
    return temp.resolve(address() + ".blob");
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(temp)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }
}
