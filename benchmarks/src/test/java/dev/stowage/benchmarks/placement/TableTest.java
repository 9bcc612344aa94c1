package dev.stowage.benchmarks.placement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.benchmarks.peers.Event;
import dev.stowage.benchmarks.peers.Quality;
import org.junit.jupiter.api.Test;

class TableTest {
  @Test
  void cell_survives_the_way_from_its_process() {
    Quality quality = new Quality(300, 1, 2, 1.01, 0.99, 77, 70, 60);
    Cell cell = new Cell(Event.JOIN, null, 5, 0.25, 0.5, 1, 2, 3, 4, quality);
    Cell failed = Cell.failed(Event.TENTH, "over 10 min");

    assertThat(Cell.read(cell.line())).isEqualTo(cell);
    assertThat(Cell.read(failed.line())).isEqualTo(failed);
    assertThat(Cell.read("a line of somebody else")).isNull();
  }

  @Test
  void cell_thatRanOutOfTime_saysSo() {
    assertThat(Cell.over(Event.JOIN, 600).isOutOfTime()).isTrue();
    assertThat(Cell.read(Cell.notBegun(Event.JOIN, 600).line()))
        .matches(Cell::isOutOfTime)
        .extracting(Cell::failure)
        .isEqualTo("not begun: 10 min were spent before it");
    assertThat(Cell.failed(Event.JOIN, "broken: a chunk is left out").isOutOfTime()).isFalse();
  }

  @Test
  void later_option_overrides_what_short_stands_for() {
    TableOptions options = TableOptions.of("short", "runs=7", "events=leave,tenth");

    assertThat(options.runs()).isEqualTo(7);
    assertThat(options.limitSeconds()).isEqualTo(120);
    assertThat(options.events()).containsExactly(Event.LEAVE, Event.TENTH);
  }

  @Test
  void limit_is_said_in_minutes_where_it_is_some() {
    assertThat(TableOptions.minutes(600)).isEqualTo("10 min");
    assertThat(TableOptions.minutes(90)).isEqualTo("90 s");
  }

  @Test
  void unknown_words_are_refused() {
    assertThatThrownBy(() -> TableOptions.of("planners=nobody"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("nobody");
    assertThatThrownBy(() -> TableOptions.of("shapes=10x10"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> TableOptions.of("colour=red"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("colour");
  }

  @Test
  void recorded_figures_are_complete() {
    assertThat(RecordedFigures.all()).hasSize(60);
    assertThat(RecordedFigures.of("500k", Event.TENTH))
        .extracting(RecordedFigures.Row::overB)
        .containsExactly("5.051", "4.562");
    assertThat(RecordedFigures.of("10k50", Event.JOIN)).isEmpty();
  }
}
