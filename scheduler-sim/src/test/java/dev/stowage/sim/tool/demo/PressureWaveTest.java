package dev.stowage.sim.tool.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.model.BlockRange;
import dev.stowage.model.Chunk;
import dev.stowage.model.ChunkKey;
import dev.stowage.sim.tool.report.TransferWave;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PressureWaveTest {
  private static final List<Chunk> CHUNKS =
      Stream.of(20_000L, 90_000L, 300_000L, 1_000_000L)
          .map(size -> Chunk.of(ChunkKey.of("d", "c" + size), BlockRange.of(size, size), size))
          .toList();

  private static final TransferWave WAVE = PressureWave.of(12, CHUNKS);

  @Test
  void wave_ofTheSameSeed_isTheSame() {
    TransferWave again = PressureWave.of(12, CHUNKS);
    assertThat(again.bands()).isEqualTo(WAVE.bands());
    WAVE.classBytes()
        .forEach((name, bytes) -> assertThat(again.classBytes().get(name)).containsExactly(bytes));
  }

  @Test
  void wave_goesThroughEveryBandAndBack() {
    assertThat(WAVE.bands().stream().distinct())
        .containsExactly("normal", "elevated", "high", "critical");
    assertThat(WAVE.bands()).hasSize(60).startsWith("normal").endsWith("normal");
  }

  @Test
  void classes_areHeldByTheirBands_andControlNever() {
    Map<String, long[]> bytes = WAVE.classBytes();
    for (int second = 1; second < 60; second++) {
      boolean same = WAVE.bands().get(second).equals(WAVE.bands().get(second - 1));
      String band = same ? WAVE.bands().get(second) : "changing";
      assertThat(bytes.get("control")[second]).isPositive();
      assertThat(bytes.get("data")[second] == 0)
          .as(band)
          .isEqualTo(band.equals("high") || band.equals("critical") || isHeld(second));
      if (band.equals("elevated")) {
        assertThat(bytes.get("prefetch")[second] + bytes.get("telemetry")[second]).isZero();
      }
    }
  }

  private static boolean isHeld(int second) {
    return WAVE.classBytes().get("data")[second] == 0 && !WAVE.bands().get(second).equals("normal");
  }

  @Test
  void noClass_starves_andFlowsShareByWeight() {
    WAVE.classBytes()
        .forEach((name, bytes) -> assertThat(Arrays.stream(bytes).sum()).as(name).isPositive());
    assertThat(WAVE.rescues()).isPositive();
    TransferWave.Spread spread = WAVE.spread();
    assertThat(spread.byTurns()).isPositive().isLessThanOrEqualTo(spread.bound());
    assertThat(spread.owed()).as("rescues go out of turn").isPositive();
  }
}
