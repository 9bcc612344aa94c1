package dev.stowage.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HoldUntilTest {
  @ParameterizedTest
  @ValueSource(strings = {"none", "workers:1", "workers:5000", "capacity:40TiB", "capacity:1B"})
  void text_isReadAndPrinted(String text) {
    assertThat(HoldUntil.parse(text)).hasToString(text);
  }

  @Test
  void capacity_isReadInEveryUnit() {
    HoldUntil ofThree = HoldUntil.capacityBytes(3L << 40);
    assertThat(HoldUntil.parse("capacity:3TiB")).isEqualTo(ofThree);
    assertThat(HoldUntil.parse("capacity:3072GiB")).isEqualTo(ofThree);
    assertThat(HoldUntil.parse("capacity:" + (3L << 40))).isEqualTo(ofThree);
    assertThat(HoldUntil.parse("capacity:1.5kB")).isEqualTo(HoldUntil.capacityBytes(1_500));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "5",
        "workers",
        "workers:",
        "workers:0",
        "workers:-1",
        "workers:2.5",
        "workers:5TiB",
        "workers:9999999999999999999",
        "capacity:0",
        "capacity:0TiB",
        "capacity:0.5B",
        "capacity:-1GiB",
        "capacity:9999999999TiB",
        "racks:3",
        "none:0",
        "None"
      })
  void otherText_isRefusedWithWhatIsAccepted(String text) {
    assertThatThrownBy(() -> HoldUntil.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("hold_until is '" + text + "'; " + HoldUntil.ACCEPTED + ", is accepted");
  }

  @Test
  void amountOutOfBounds_isRefused() {
    assertThatThrownBy(() -> HoldUntil.workers(0)).hasMessageContaining("workers:0");
    assertThatThrownBy(() -> HoldUntil.capacityBytes(-1)).hasMessageContaining("capacity:-1");
    assertThatThrownBy(() -> new HoldUntil(HoldUntil.Measure.NONE, 1)).hasMessageContaining("none");
  }

  @Test
  void wait_saysWhatIsThereAndWhatIsWaitedFor() {
    assertThat(new HoldUntil.Wait(HoldUntil.workers(5), 3).inWords()).isEqualTo("3 of 5 workers");
    assertThat(new HoldUntil.Wait(HoldUntil.capacityBytes(40L << 40), 3L << 39).inWords())
        .isEqualTo("1.5 TiB of 40 TiB of capacity");
  }
}
