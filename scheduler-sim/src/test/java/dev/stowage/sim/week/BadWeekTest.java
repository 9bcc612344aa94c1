package dev.stowage.sim.week;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.config.LifecycleConfig.Trust;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The weeks of docs/internals/bad-week.md are as that page has them. */
@Tag("deep")
class BadWeekTest {
  private static final Path PAGE = Path.of("..", "docs", "internals", "bad-week.md");
  private static final Pattern DAY = Pattern.compile("(?m)^(\\w+): .*\n  .*\n");
  private static final int DEAD = 2;

  @Test
  void week_withTheClockOfTheStore_copiesWhatTheDeadHeld() throws IOException {
    BadWeek week = new BadWeek(Trust.DEFAULT, true);
    assertThat(week.lived()).isEqualTo(week(0));
    assertThat(week.departures()).isEqualTo(DEAD);
    assertThat(week.lost()).isPositive();
    assertThat(week.repairs()).isEqualTo(week.lost());
    assertThat(week.wrong()).isEmpty();
  }

  @Test
  void week_withoutAClock_copiesNoMore_butNeedsAnOperator() throws IOException {
    BadWeek week = new BadWeek(Trust.DEFAULT, false);
    assertThat(week.lived()).isEqualTo(week(1));
    assertThat(week.departures()).isEqualTo(DEAD);
    assertThat(week.repairs()).isEqualTo(week.lost());
    assertThat(week.wrong()).isEmpty();
  }

  @Test
  void week_inWhichEverythingIsBelieved_emptiesTheFleet() throws IOException {
    BadWeek week = new BadWeek(Trust.BLIND, false);
    assertThat(week.lived()).isEqualTo(week(2));
    assertThat(week.departures()).isGreaterThan(20);
    assertThat(week.repairs()).isGreaterThan(week.lost());
  }

  /** The week of a block of the page: the days that it has, the others as in the first. */
  private static List<String> week(int block) throws IOException {
    String[] parts = Files.readString(PAGE).split("```\n");
    Map<String, String> days = new LinkedHashMap<>();
    for (String part : List.of(parts[1], parts[2 * block + 1])) {
      DAY.matcher(part).results().forEach(it -> days.put(it.group(1), it.group()));
    }
    return String.join("", days.values()).lines().toList();
  }
}
