package dev.stowage.lifecycle.rows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.lifecycle.Command;
import dev.stowage.lifecycle.ConfirmationPolicy;
import dev.stowage.lifecycle.Gates;
import dev.stowage.lifecycle.LifecycleConfig;
import dev.stowage.lifecycle.LifecycleConfig.Trust;
import dev.stowage.lifecycle.RetentionHorizons;
import dev.stowage.model.DatasetId;
import dev.stowage.model.Eligibility;
import dev.stowage.model.Labels;
import dev.stowage.model.WorkerVersion;
import dev.stowage.placement.FactorMode;
import dev.stowage.placement.MovementBudget;
import dev.stowage.placement.PlacementConfig;
import dev.stowage.placement.Spread;
import dev.stowage.placement.WeightPolicy;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** The bytes of a configuration, field by field. */
class ConfigCodecTest {
  /** A command of kind 1 that expects version 7, then the configuration. */
  private static final String BYTES =
      "010102"
          + "0000000000000007"
          // The bytes of the configuration, and the version of their encoding.
          + "00000114"
          + "01"
          // The floor and the cap.
          + "0000000300000033"
          + "000000000000000b000000000000000c000000000000000d000000000000000e"
          + "000000000000000f00000000000000100000000000000011"
          // Retention, and what may wait.
          + "0000000000000012000000000000001300000000000000140000000000000015"
          + "00000000000000160000000000000017"
          // Confirmation and gates.
          + "0000001801"
          // One dataset, "d", with one segment: its floor, its cap, version 1.2.3, label "x".
          + "000000010000000164"
          + "0000000100000000000000190000001a010000001b0100000034"
          + "000000010000000200000003000000010000000178"
          // The planner: saturation, spread, slack, factor mode, margin, budget, threads, domains.
          + "0007a120000003d090010001e848"
          + "000000000000001c000000000000001d000000000000001e000000000000001f"
          + "00000004"
          + "0000000200000001000000020000000300000001"
          // Trust, and the bound of a cycle.
          + "0000000000000029000000000000002a0000002b0000002c"
          + "000000000000003d";

  /** Each value is another one. */
  private static LifecycleConfig.Builder distinct() {
    Eligibility eligibility =
        new Eligibility(new WorkerVersion(1, 2, 3), Labels.copyOf(List.of("x")));
    return LifecycleConfig.builder()
        .minReplication(3)
        .maxReplication(51)
        .drainWindowTicks(11)
        .suspectAfterTicks(12)
        .departAfterTicks(13)
        .regrowAfterTicks(14)
        .giveUpAfterTicks(15)
        .lineagePauseTicks(16)
        .orphanAfterTicks(17)
        .retention(new RetentionHorizons(18, 19, 20, 21))
        .maxWaitingBytes(22)
        .maxWaitingChunks(23)
        .confirmation(ConfirmationPolicy.quorum(24))
        .gates(Gates.values()[1])
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
                .threads(4)
                .maxPerDomain(Map.of(3, 1, 1, 2))
                .build())
        .trust(new Trust(41, 42, 43, 44))
        .maxChunksPerCycle(61);
  }

  private static LifecycleConfig read(String hex) {
    Command.Configure command =
        (Command.Configure) CommandCodec.fromBytes(HexFormat.of().parseHex(hex));
    assertThat(command.expectedVersion()).isEqualTo(7);
    return command.config();
  }

  private static String write(LifecycleConfig config) {
    return HexFormat.of().formatHex(CommandCodec.toBytes(new Command.Configure(7, config)));
  }

  @Test
  void everyValue_hasItsBytes_andComesBack() {
    LifecycleConfig config = distinct().unchecked();
    assertThat(write(config)).isEqualTo(BYTES);
    assertThat(read(BYTES)).isEqualTo(config);
    assertThatThrownBy(() -> read(BYTES + "00")).isInstanceOf(RuntimeException.class);
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
}
