package dev.stowage.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What holds for every file of the repository, whatever its language. */
class RepositoryTest {
  private static final long MAX_BYTES = 2L << 20;

  /** Larger than the limit, and wanted: the shipped catalogue. */
  private static final Pattern KNOWN_LARGE = Pattern.compile("scheduler-sim/src/main/resources/.*");

  private static final Pattern TEXT =
      Pattern.compile(
          ".*\\.(java|xml|md|txt|sql|sh|properties|ya?ml|json|html|css|config|csv)"
              + "|\\.ci/[a-z]+|(.*/)?(LICENSE|\\.git[a-z]+)");

  /** Third-party text that is shipped as it came. */
  private static final Pattern AS_IT_CAME = Pattern.compile(".*/vendor/.*|.*\\.min\\.(js|css)");

  /** Paths of one machine; written in pieces, so that this file does not hold one. */
  private static final Pattern MACHINE_PATH =
      Pattern.compile(
          "(?<![\\w.}])(/(home|Users)/[a-z]|/work"
              + "/|/usr/lib/"
              + "jvm/|/root"
              + "/\\.)"
              + "|[A-Z]:\\\\Users\\\\|shared/"
              + "design");

  @Test
  void files_hold_no_machine_path_no_tab_and_no_carriage_return() {
    Repository repository = Repository.here();
    List<String> faults = new ArrayList<>();
    for (Path file : repository.files()) {
      String name = repository.relative(file).toString().replace('\\', '/');
      if (TEXT.matcher(name).matches() && !AS_IT_CAME.matcher(name).matches()) {
        textFaults(read(file)).forEach(fault -> faults.add(name + ": " + fault));
      }
    }

    assertThat(faults).isEmpty();
  }

  @Test
  void files_are_small_but_for_the_known_ones() throws IOException {
    Repository repository = Repository.here();
    List<String> large = new ArrayList<>();
    for (Path file : repository.files()) {
      String name = repository.relative(file).toString().replace('\\', '/');
      if (Files.size(file) > MAX_BYTES && !KNOWN_LARGE.matcher(name).matches()) {
        large.add(name + ": " + Files.size(file) + " bytes, at most " + MAX_BYTES);
      }
    }

    assertThat(large).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "see /home" + "/ada/notes\n",
        "JAVA_HOME=/usr/lib/" + "jvm/any\n",
        "cd /work" + "/tree\n",
        "C:" + "\\Users\\ada\n",
        "a\tb\n",
        "a\r\nb\n",
        "no last line end"
      })
  void text_with_a_fault_is_found(String text) {
    assertThat(textFaults(text.getBytes(StandardCharsets.UTF_8))).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "the /work of a home\n",
        "${basedir}/home" + "/x\n",
        "a/work" + "/b\n",
        "a b\n",
        ""
      })
  void text_without_a_fault_passes(String text) {
    assertThat(textFaults(text.getBytes(StandardCharsets.UTF_8))).isEmpty();
  }

  @Test
  void text_that_is_not_utf8_is_found() {
    assertThat(textFaults(new byte[] {'a', (byte) 0xe9, '\n'})).containsExactly("is not UTF-8");
  }

  private static List<String> textFaults(byte[] bytes) {
    String text;
    try {
      text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      return List.of("is not UTF-8");
    }
    List<String> faults = new ArrayList<>();
    if (MACHINE_PATH.matcher(text).find()) {
      faults.add("names a path of one machine");
    }
    if (text.indexOf('\t') >= 0) {
      faults.add("holds a tab");
    }
    if (text.indexOf('\r') >= 0) {
      faults.add("holds a carriage return");
    }
    if (!text.isEmpty() && !text.endsWith("\n")) {
      faults.add("does not end with a line end");
    }
    return faults;
  }

  private static byte[] read(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
