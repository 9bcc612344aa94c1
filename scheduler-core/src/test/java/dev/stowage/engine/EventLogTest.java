package dev.stowage.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Compares the events of the log with the page that lists them. */
class EventLogTest {
  private static final Pattern ROW = Pattern.compile("^\\| `([a-z_]+)` \\| (warn|info)");

  @Test
  void page_hasARowForEachEvent() throws IOException {
    assertThat(Files.readAllLines(Path.of("..", "docs", "observability.md")))
        .extracting(ROW::matcher)
        .filteredOn(row -> row.find())
        .extracting(row -> row.group(1))
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(EventLog.Event.values())
                .map(event -> event.name().toLowerCase(Locale.ROOT))
                .toList());
  }
}
