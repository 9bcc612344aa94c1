package dev.stowage.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileMemoryTest {
  @TempDir Path folder;

  @Test
  void whatIsSaved_isLoadedByAnotherClientOfTheFile_inPlaceOfWhatWasThere() throws IOException {
    Path file = folder.resolve("memory");
    assertThat(ClientMemory.at(file).load()).isEmpty();
    ClientMemory.at(file).save(new byte[] {1, 2, 3});
    ClientMemory.at(file).save(new byte[] {4});
    assertThat(ClientMemory.at(file).load()).containsExactly(4);
    assertThat(folder)
        .isDirectoryContaining("glob:**memory")
        .isDirectoryNotContaining("glob:**.part");
  }

  @Test
  void saveThatWasCutOff_leavesTheFormerState() throws IOException {
    Path file = folder.resolve("memory");
    ClientMemory.at(file).save(new byte[] {1, 2, 3});
    Files.write(folder.resolve("memory.part"), new byte[] {9});
    assertThat(ClientMemory.at(file).load()).containsExactly(1, 2, 3);
    ClientMemory.at(file).save(new byte[] {4});
    assertThat(ClientMemory.at(file).load()).containsExactly(4);
  }

  @Test
  void folderThatIsMissing_isAFailureOfTheSave() {
    ClientMemory memory = ClientMemory.at(folder.resolve("none").resolve("memory"));
    assertThatThrownBy(() -> memory.save(new byte[] {1})).isInstanceOf(IOException.class);
  }
}
