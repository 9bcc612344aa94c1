package dev.stowage.sim.week;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.config.LifecycleConfig.Trust;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The weeks of docs/internals/bad-week.md are as that page has them. */
@Tag("deep")
class BadWeekTest {
  private static final Path PAGE = Path.of("..", "docs", "internals", "bad-week.md");
  private static final int DEAD = 2;

  @Test
  void week_withTheClockOfTheStore_copiesWhatTheDeadHeld() throws IOException {
    BadWeek week = new BadWeek(Trust.DEFAULT, true);
    assertThat(week.lived()).isEqualTo(transcripts().get(0));
    assertThat(week.departures()).isEqualTo(DEAD);
    assertThat(week.lost()).isPositive();
    assertThat(week.repairs()).isEqualTo(week.lost());
    assertThat(week.wrong()).isEmpty();
  }

  @Test
  void week_withoutAClock_copiesNoMore_butNeedsAnOperator() throws IOException {
    BadWeek week = new BadWeek(Trust.DEFAULT, false);
    assertThat(week.lived()).isEqualTo(transcripts().get(1));
    assertThat(week.departures()).isEqualTo(DEAD);
    assertThat(week.repairs()).isEqualTo(week.lost());
    assertThat(week.wrong()).isEmpty();
  }

  @Test
  void week_inWhichEverythingIsBelieved_emptiesTheFleet() throws IOException {
    BadWeek week = new BadWeek(Trust.BLIND, false);
    assertThat(week.lived()).isEqualTo(transcripts().get(2));
    assertThat(week.departures()).isGreaterThan(20);
    assertThat(week.repairs()).isGreaterThan(week.lost());
  }

  /** The blocks of the page, in order. */
  private static List<List<String>> transcripts() throws IOException {
    List<List<String>> found = new ArrayList<>();
    List<String> open = null;
    for (String line : Files.readAllLines(PAGE)) {
      if (line.startsWith("```")) {
        if (open == null) {
          open = new ArrayList<>();
        } else {
          found.add(open);
          open = null;
        }
      } else if (open != null) {
        open.add(line);
      }
    }
    return found;
  }
}
