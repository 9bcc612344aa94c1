package dev.stowage.shape;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Tests what is drawn from the declaration of a figure. */
class FigureTest {
  private enum Colour {
    RED,
    DARK_BLUE
  }

  private record Paint(double litres, long bytes, double red) {}

  private static final List<Figure<Paint>> FIGURES =
      List.of(
          Figure.of("litres.left", Unit.NONE, "litres left", Paint::litres),
          Figure.of("label", Unit.BYTES, "bytes of the label", Paint::bytes),
          Figure.each(
              "share",
              Unit.NONE,
              "its share",
              "colour",
              Colour.class,
              (paint, colour) -> colour == Colour.RED ? paint.red() : 1 - paint.red()),
          Figure.each(
              "by.shelf", Unit.NONE, "tins", "shelf", (Paint paint) -> Map.of("a\"b", 2.0)));

  @Test
  void text_hasALineForEachKnownValue_withItsUnit() {
    assertThat(Figure.lines(FIGURES, new Paint(Double.NaN, 3 << 19, 0.25)))
        .containsExactly(
            "label: 1.5 MiB", "share red: 0.25", "share dark_blue: 0.75", "by shelf a\"b: 2");
  }

  @Test
  void json_hasEveryFigure_andNullForWhatIsNotKnown() {
    assertThat(Figure.json(FIGURES, new Paint(Double.POSITIVE_INFINITY, 10, 0.5)))
        .isEqualTo(
            "{\"litres_left\":null,\"label_bytes\":10,\"share\":{\"red\":0.5,\"dark_blue\":0.5},"
                + "\"by_shelf\":{\"a\\\"b\":2}}");
  }

  @Test
  void row_namesTheValuesOfALabelThatAreFixed() {
    assertThat(FIGURES.stream().map(each -> each.row("x.")))
        .containsExactly(
            "| `x.litres.left` | litres left |",
            "| `x.label` | bytes of the label |",
            "| `x.share` | its share, by `colour`: `red`, `dark_blue` |",
            "| `x.by.shelf` | tins, by `shelf` |");
  }

  @Test
  void amount_isPrintedAsPeopleReadIt() {
    assertThat(Unit.BYTES.print(0)).isEqualTo("0 B");
    assertThat(Unit.BYTES.print(1023)).isEqualTo("1023 B");
    assertThat(Unit.BYTES.print(19_985_156_112L)).isEqualTo("18.6 GiB");
    assertThat(Unit.bytesAtLeast(1025)).isEqualTo("1.01 KiB");
    assertThat(Unit.BYTES.print(Long.MAX_VALUE)).isEqualTo("8 EiB");
    assertThat(Unit.BYTES_PER_SECOND.print(2.5 * 1024)).isEqualTo("2.5 KiB/s");
    assertThat(Unit.SECONDS.print(90)).isEqualTo("90 s");
    assertThat(Unit.SECONDS.print(0)).isEqualTo("0 s");
    assertThat(Unit.SECONDS.print(754)).isEqualTo("12.6 min");
    assertThat(Unit.SECONDS.print(7_200)).isEqualTo("2 h");
    assertThat(Unit.SECONDS.print(30 * 86_400)).isEqualTo("30 d");
    assertThat(Unit.NANOS.print(1_500_000_000)).isEqualTo("1.5 s");
    assertThat(Unit.NANOS.print(20_000_000)).isEqualTo("20 ms");
    assertThat(Unit.MILLIONTHS.print(340_000)).isEqualTo("0.34");
    assertThat(Unit.BYTES.print(Double.POSITIVE_INFINITY)).isEqualTo("no bound");
  }
}
