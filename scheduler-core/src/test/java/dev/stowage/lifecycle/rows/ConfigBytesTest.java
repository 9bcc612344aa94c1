package dev.stowage.lifecycle.rows;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.command.Command;
import dev.stowage.config.HoldUntil;
import dev.stowage.config.LifecycleConfig;
import dev.stowage.config.LifecycleConfig.Gates;
import dev.stowage.config.LifecycleConfig.Trust;
import dev.stowage.config.MovementBudget;
import dev.stowage.config.PlacementConfig;
import dev.stowage.config.PlacementConfig.FactorMode;
import dev.stowage.config.PlacementConfig.Spread;
import dev.stowage.config.WeightPolicy;
import dev.stowage.model.DatasetId;
import dev.stowage.model.Eligibility;
import dev.stowage.model.Worker.Labels;
import dev.stowage.model.Worker.WorkerVersion;
import dev.stowage.shape.Field;
import dev.stowage.shape.NumberField;
import dev.stowage.shape.Shape;
import dev.stowage.shape.Values;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** The bytes and the digest of a configuration. */
class ConfigBytesTest {
  /** Each value is another one. */
  private static LifecycleConfig.Builder distinct() {
    Eligibility eligibility =
        new Eligibility(new WorkerVersion(1, 2, 3), Labels.copyOf(List.of("x")));
    LifecycleConfig config =
        LifecycleConfig.builder()
            .gates(Gates.values()[1])
            .holdUntil(HoldUntil.workers(5))
            .weights(
                WeightPolicy.builder()
                    .segment(
                        DatasetId.of("d"),
                        new WeightPolicy.Segment(
                            25, 26, OptionalInt.of(27), OptionalInt.of(52), eligibility))
                    .build())
            .placement(
                PlacementConfig.builder()
                    .saturation(0.5)
                    .spread(Spread.values()[0])
                    .balanceSlack(0.25)
                    .factorMode(FactorMode.values()[1])
                    .factorMargin(0.125)
                    .budget(new MovementBudget(28, 29, 30, 31))
                    .maxPerDomain(Map.of(3, 1, 1, 2))
                    .build())
            .unchecked();
    Values values = Shape.of(LifecycleConfig.class).values(config);
    for (Field<LifecycleConfig, ?> field : Shape.of(LifecycleConfig.class).fields()) {
      if (field instanceof NumberField<?> number) {
        number.set(values, 60 + number.place());
      }
    }
    return Shape.of(LifecycleConfig.class).make(values).toBuilder();
  }

  private static LifecycleConfig read(byte[] bytes) {
    return ((Command.Configure) CommandCodec.fromBytes(bytes)).config();
  }

  private static byte[] write(LifecycleConfig config) {
    return CommandCodec.toBytes(new Command.Configure(7, config));
  }

  @Test
  void everyValue_comesBack() {
    LifecycleConfig config = distinct().unchecked();
    assertThat(read(write(config))).isEqualTo(config);
  }

  @Test
  void defaults_areLeftOut() {
    LifecycleConfig defaults =
        Shape.of(LifecycleConfig.class).make(Shape.of(LifecycleConfig.class).values());
    assertThat(write(defaults)).hasSize(3 + Long.BYTES + 1).endsWith(0);
    assertThat(read(write(defaults))).isEqualTo(defaults);
  }

  @Test
  void whatHasNoBound_comesBack() {
    LifecycleConfig unbounded =
        LifecycleConfig.builder()
            .maxReplication(WeightPolicy.UNCAPPED)
            .maxChunksPerCycle(LifecycleConfig.UNLIMITED)
            .trust(Trust.BLIND)
            .build();
    assertThat(read(write(unbounded))).isEqualTo(unbounded);
    assertThat(read(write(LifecycleConfig.defaults()))).isEqualTo(LifecycleConfig.defaults());
  }

  @Test
  void digest_changesWithEachSetting() {
    LifecycleConfig config = distinct().unchecked();
    LifecycleConfig defaults =
        Shape.of(LifecycleConfig.class).make(Shape.of(LifecycleConfig.class).values());
    long all = Shape.of(LifecycleConfig.class).changed(config, defaults);
    assertThat(Long.bitCount(all)).isEqualTo(Shape.of(LifecycleConfig.class).size());
    for (int at = 0; at < Shape.of(LifecycleConfig.class).size(); at++) {
      assertThat(Shape.of(LifecycleConfig.class).digest(config, all & ~(1L << at)))
          .isNotEqualTo(Shape.of(LifecycleConfig.class).digest(config, all));
    }
  }

  @Test
  void policy_ofAnotherOrder_hasTheSameBytes() {
    WeightPolicy.Segment segment = WeightPolicy.Segment.of(0, 2);
    DatasetId first = DatasetId.of("a");
    DatasetId second = DatasetId.of("b");
    LifecycleConfig one =
        distinct()
            .weights(
                WeightPolicy.builder().segment(first, segment).segment(second, segment).build())
            .unchecked();
    LifecycleConfig other =
        distinct()
            .weights(
                WeightPolicy.builder().segment(second, segment).segment(first, segment).build())
            .unchecked();
    assertThat(write(one)).isEqualTo(write(other));
    assertThat(Shape.of(LifecycleConfig.class).digest(one))
        .isEqualTo(Shape.of(LifecycleConfig.class).digest(other));
  }
}
