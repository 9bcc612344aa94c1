package dev.stowage.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.lifecycle.LifecycleConfig.Trust;
import dev.stowage.lifecycle.rows.CommandCodec;
import dev.stowage.model.DatasetId;
import dev.stowage.model.Eligibility;
import dev.stowage.model.Labels;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
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

/**
 * Configurations that were stored before a fleet could say what it believes ({@link Trust}), and
 * before what weights earn had a cap: bytes that a library of that time wrote, frozen.
 */
class OldConfigurationTest {
  private static final String OLD =
      "0101000000000000000700000003000000000000000b000000000000000c000000000000000d0000"
          + "00000000000e000000000000000f0000000000000010000000000000001100000000000000120000"
          + "00000000001300000000000000140000000000000015000000000000001600000000000000170000"
          + "0018010000000100000001640000000100000000000000190000001a010000001b00000001000000"
          + "0200000003000000010000000178000000010007a120000003d090010001e848000000000000001c"
          + "000000000000001d000000000000001e000000000000001f00000004";

  private static final String OLD_DEFAULTS =
      "0101000000000000000700000002000000000000012c000000000000003c00000000000003840000"
          + "0000000002580000000000000e10000000000000012c0000000000093a800000000000278d000000"
          + "000000278d000000000000278d000000000000278d007fffffffffffffff7fffffffffffffffffff"
          + "ffff000000000000000001000e7ef000000027100000004e207fffffffffffffff7fffffffffffff"
          + "ff7fffffffffffffff7fffffffffffffff00000001";

  private static LifecycleConfig read(String hex) {
    Command.Configure command =
        (Command.Configure) CommandCodec.fromBytes(HexFormat.of().parseHex(hex));
    assertThat(command.expectedVersion()).isEqualTo(7);
    return command.config();
  }

  private static String write(LifecycleConfig config) {
    return HexFormat.of().formatHex(CommandCodec.toBytes(new Command.Configure(7, config)));
  }

  private static WeightPolicy segments(OptionalInt max) {
    Eligibility eligibility =
        new Eligibility(new WorkerVersion(1, 2, 3), Labels.copyOf(List.of("x")));
    return WeightPolicy.builder()
        .segment(
            DatasetId.of("d"),
            new WeightPolicy.Segment(25, 26, OptionalInt.of(27), max, eligibility))
        .build();
  }

  /** Each value is another one, but for the caps and the bound of a cycle, which there were not. */
  private static LifecycleConfig.Builder said() {
    return LifecycleConfig.builder()
        .minReplication(3)
        .maxReplication(WeightPolicy.UNCAPPED)
        .maxChunksPerCycle(LifecycleConfig.UNLIMITED)
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
        .weights(segments(OptionalInt.empty()))
        .placement(
            PlacementConfig.builder()
                .saturation(0.5)
                .spread(Spread.values()[0])
                .balanceSlack(0.25)
                .factorMode(FactorMode.values()[1])
                .factorMargin(0.125)
                .budget(new MovementBudget(28, 29, 30, 31))
                .threads(4)
                .build());
  }

  @Test
  void oldBytes_sayWhatTheyAlwaysSaid_believeEverything_andLetWeightsEarn() {
    LifecycleConfig read = read(OLD);
    assertThat(read.trust()).isEqualTo(Trust.BLIND);
    assertThat(read).isEqualTo(said().trust(Trust.BLIND).unchecked());
    assertThat(read.placement().threads()).isEqualTo(4);
    assertThat(read(OLD_DEFAULTS))
        .as("the defaults of that time")
        .isEqualTo(
            LifecycleConfig.builder()
                .trust(Trust.BLIND)
                .maxReplication(WeightPolicy.UNCAPPED)
                .maxChunksPerCycle(LifecycleConfig.UNLIMITED)
                .build());
  }

  /** Else evidence and digests of an old fleet would be others. */
  @Test
  void whatBelievesEverything_isWrittenAsItAlwaysWas() {
    assertThat(write(read(OLD))).isEqualTo(OLD);
    assertThat(write(read(OLD_DEFAULTS))).isEqualTo(OLD_DEFAULTS);
    assertThat(read(OLD).toString()).doesNotContain("trust").doesNotContain("max=");
    assertThat(read(OLD).toString())
        .doesNotContain("maxReplication")
        .contains("placement=PlacementConfig[minReplication=1, saturationMillionths=500000,")
        .contains("Segment[from=25, weight=26, floor=OptionalInt[27], eligibility=Eligibility[");
  }

  @Test
  void whatIsBelieved_followsOnTheOldFields_andNothingElseMay() {
    LifecycleConfig config = said().trust(new Trust(41, 42, 43, 44)).unchecked();
    String written = write(config);
    assertThat(read(written)).isEqualTo(config);
    String part = "01" + "0000000000000029" + "000000000000002a" + "0000002b" + "0000002c";
    String threads = "00000004";
    assertThat(OLD).endsWith(threads);
    String fields = OLD.substring(0, OLD.length() - threads.length());
    assertThat(written).isEqualTo(fields + "80000004" + part);
    for (String unknown : List.of("00", "10", "ff")) {
      assertThatThrownBy(() -> read(fields + "80000004" + unknown + part.substring(2)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("part of a configuration is " + Integer.parseInt(unknown, 16));
    }
    assertThatThrownBy(() -> read(OLD + part)).isInstanceOf(RuntimeException.class);
  }

  @Test
  void caps_followOnTheOldFields_andOnWhatIsBelieved() {
    LifecycleConfig.Builder capped =
        said().maxReplication(51).weights(segments(OptionalInt.of(52)));
    String fields = OLD.substring(0, OLD.length() - "00000004".length());
    String caps = "00000033" + "01" + "00000034";
    LifecycleConfig blind = capped.trust(Trust.BLIND).unchecked();
    assertThat(write(blind)).isEqualTo(fields + "80000004" + "02" + caps);
    assertThat(read(write(blind))).isEqualTo(blind);
    LifecycleConfig both = capped.trust(new Trust(41, 42, 43, 44)).unchecked();
    String trust = "0000000000000029" + "000000000000002a" + "0000002b" + "0000002c";
    assertThat(write(both)).isEqualTo(fields + "80000004" + "03" + trust + caps);
    assertThat(read(write(both))).isEqualTo(both);
    assertThat(both.toString())
        .contains("maxReplication=51, ")
        .contains("floor=OptionalInt[27], max=OptionalInt[52], ");
  }

  @Test
  void limitsOfDomains_followLast_inTheOrderOfLevels() {
    PlacementConfig limited =
        said().unchecked().placement().toBuilder().maxPerDomain(Map.of(3, 1, 1, 2)).build();
    String fields = OLD.substring(0, OLD.length() - "00000004".length());
    String limits = "00000002" + "00000001" + "00000002" + "00000003" + "00000001";
    LifecycleConfig alone = said().trust(Trust.BLIND).placement(limited).unchecked();
    assertThat(write(alone)).isEqualTo(fields + "80000004" + "04" + limits);
    assertThat(read(write(alone))).isEqualTo(alone);
    LifecycleConfig all =
        said().trust(new Trust(41, 42, 43, 44)).maxReplication(51).placement(limited).unchecked();
    assertThat(write(all)).contains("80000004" + "07").endsWith(limits);
    assertThat(read(write(all))).isEqualTo(all);
    assertThat(all.toString()).contains(", maxPerDomain={1=2, 3=1}]");
  }

  @Test
  void boundOfACycle_followsBehindEverything() {
    String fields = OLD.substring(0, OLD.length() - "00000004".length());
    LifecycleConfig alone = said().trust(Trust.BLIND).maxChunksPerCycle(61).unchecked();
    assertThat(write(alone)).isEqualTo(fields + "80000004" + "08" + "000000000000003d");
    assertThat(read(write(alone))).isEqualTo(alone);
    assertThat(alone.toString()).endsWith(", maxChunksPerCycle=61]");
    assertThat(read(OLD).toString()).doesNotContain("maxChunksPerCycle");
    LifecycleConfig defaults = LifecycleConfig.defaults();
    assertThat(defaults.maxChunksPerCycle()).isEqualTo(1_000_000);
    assertThat(write(defaults)).endsWith("00000000000f4240");
    assertThat(read(write(defaults))).isEqualTo(defaults);
  }

  @Test
  void capOfOneSegment_comesBack_whereTheFleetHasNone() {
    LifecycleConfig one =
        said().trust(Trust.BLIND).weights(segments(OptionalInt.of(52))).unchecked();
    assertThat(read(write(one))).isEqualTo(one);
    assertThat(read(write(one)).maxReplication()).isEqualTo(WeightPolicy.UNCAPPED);
  }

  /** An old fleet departs whom it departed before, whatever time it is told. */
  @Test
  void fleetOfOldBytes_believesAnyTime_andDepartsManyAtOnce() {
    LifecycleConfig old = read(OLD_DEFAULTS);
    SmallWorld world = new SmallWorld(config -> old.toBuilder().minReplication(1));
    world.now = 10;
    world.workers(10, "a", "b", "c").ingest("d/c1", 0, 9);
    world.round();
    world.now += 1_000 * old.departAfterTicks();
    Result.Scheduled cycle = world.schedule();
    assertThat(cycle.isAccepted()).isTrue();
    assertThat(cycle.guarded()).isEmpty();
    for (String name : List.of("a", "b", "c")) {
      assertThat(world.state.worker(world.state.workerPosition(WorkerId.of(name))).status())
          .isEqualTo(WorkerStatus.DEPARTED);
    }
  }
}
