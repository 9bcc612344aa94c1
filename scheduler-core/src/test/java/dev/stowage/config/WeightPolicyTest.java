package dev.stowage.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.config.WeightPolicy.Segment;
import dev.stowage.model.BlockRange;
import dev.stowage.model.Chunk;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.DatasetId;
import dev.stowage.model.Eligibility;
import dev.stowage.model.Worker.Labels;
import dev.stowage.model.Worker.WorkerVersion;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class WeightPolicyTest {
  private static final DatasetId D = DatasetId.of("d");

  private static Chunk chunk(long first) {
    return Chunk.of(ChunkKey.of("d", "c" + first), BlockRange.of(first, first), 1);
  }

  private static WeightPolicy policy(Segment... segments) {
    WeightPolicy.Builder builder = WeightPolicy.builder();
    for (Segment segment : segments) {
      builder.segment(D, segment);
    }
    return builder.build();
  }

  @Test
  void claim_ofAnUnknownDatasetOrBeforeTheFirstSegment_isTheDefault() {
    WeightPolicy policy = policy(Segment.of(100, 6));
    assertThat(policy.claim(chunk(99), 1000).weight()).isEqualTo(1);
    assertThat(policy.claim(chunk(100), 1000).weight()).isEqualTo(6);
    assertThat(WeightPolicy.DEFAULTS.claim(chunk(5), 1000).weight()).isEqualTo(1);
  }

  @Test
  void claim_ofANegativeStart_slidesWithTheDatasetsEnd() {
    WeightPolicy policy = policy(Segment.of(0, 2), Segment.of(-10, 24));
    assertThat(policy.claim(chunk(90), 99).weight()).isEqualTo(24);
    assertThat(policy.claim(chunk(89), 99).weight()).isEqualTo(2);
    assertThat(policy.claim(chunk(90), 100).weight()).isEqualTo(2);
    assertThat(policy.claim(chunk(0), 4).weight()).as("fewer blocks than that").isEqualTo(24);
    assertThat(policy.claim(chunk(0), Long.MAX_VALUE).weight()).isEqualTo(2);
  }

  @Test
  void claim_ofAnExplicitWeight_winsOverTheSegment() {
    Eligibility ssd = new Eligibility(WorkerVersion.ZERO, Labels.of("ssd"));
    Eligibility v2 = new Eligibility(new WorkerVersion(2, 0, 0), Labels.NONE);
    WeightPolicy policy = policy(new Segment(0, 6, OptionalInt.of(3), ssd));
    WeightPolicy.Claim claim = policy.claim(chunk(5).withWeight(9).withEligibility(v2), 10);
    assertThat(claim.weight()).isEqualTo(9);
    assertThat(claim.floor()).hasValue(3);
    assertThat(claim.eligibility()).isEqualTo(ssd.and(v2));
  }

  @Test
  void claim_ofWhatASegmentDoesNotSay_isThatOfTheOneBelow() {
    Eligibility ssd = new Eligibility(WorkerVersion.ZERO, Labels.of("ssd"));
    Eligibility v2 = new Eligibility(new WorkerVersion(2, 0, 0), Labels.NONE);
    WeightPolicy policy =
        policy(
            new Segment(-10, 6, OptionalInt.empty(), v2),
            new Segment(0, 1, OptionalInt.of(3), OptionalInt.of(5), ssd),
            Segment.of(100, 4));
    assertThat(policy.claim(chunk(95), 99))
        .isEqualTo(new WeightPolicy.Claim(6, OptionalInt.of(3), OptionalInt.of(5), ssd.and(v2)));
    assertThat(policy.claim(chunk(100), 99).eligibility()).isEqualTo(ssd.and(v2));
    assertThat(policy.claim(chunk(100), 199))
        .isEqualTo(new WeightPolicy.Claim(4, OptionalInt.of(3), OptionalInt.of(5), ssd));
    assertThat(policy.slid(D, 99, 199))
        .as("the segment from 100 lies above another one now")
        .contains(BlockRange.of(100, 189));
  }

  @Test
  void warnings_nameWhatIsHardlyMeant() {
    List<Chunk> chunks = List.of(chunk(0), chunk(50), chunk(99));
    WeightPolicy hot = policy(Segment.of(-20, 6));
    assertThat(hot.warnings(2, 0, List.of()))
        .containsExactly(
            "d, blocks from -20: weight 6 earns no copy, since max is the floor, 2; give a greater"
                + " max, or a floor");
    assertThat(hot.warnings(2, 4, List.of(chunk(0), chunk(50), chunk(60)))).isEmpty();
    assertThat(hot.warnings(2, 4, chunks))
        .containsExactly(
            "d, blocks from -20: the chunk of blocks 99 to 99 has them alone, since all others end"
                + " at 50");
    assertThat(WeightPolicy.floor(D, 3).withNewest(D, 60, 2).warnings(1, 0, chunks))
        .containsExactly("d, blocks from -60: floor 2 is lower than that of older blocks, 3");
    assertThat(WeightPolicy.floor(D, 2).withNewest(D, 60, 3).warnings(1, 0, chunks)).isEmpty();
  }

  @Test
  void newestBlocks_haveAFloorOfTheirOwn() {
    WeightPolicy policy = WeightPolicy.floor(D, 2).withCap(D, 5).withNewest(D, 10, 3);
    assertThat(policy.claim(chunk(89), 99).floor()).hasValue(2);
    assertThat(policy.claim(chunk(90), 99).floor()).hasValue(3);
    assertThat(policy.claim(chunk(90), 99).max()).hasValue(5);
    assertThat(policy.withNewest(D, 10, 4).segments(D)).hasSize(2);
    assertThat(policy.withNewest(D, 10, 4).claim(chunk(90), 99).floor()).hasValue(4);
    assertThatThrownBy(() -> policy.withNewest(D, 0, 4)).hasMessageContaining("blocks is 0");
  }

  @Test
  void settings_ofADataset_reachEveryChunkOfIt_andNoOther() {
    DatasetId other = DatasetId.of("e");
    WeightPolicy policy =
        policy(Segment.of(100, 6), Segment.of(-10, 24))
            .withCopies(D, 2, 3)
            .withMinVersion(D, new WorkerVersion(2, 0, 0))
            .withLabels(D, Labels.of("ssd"))
            .withCap(other, 5);
    Eligibility wanted = new Eligibility(new WorkerVersion(2, 0, 0), Labels.of("ssd"));
    for (long first : new long[] {0, 99, 100, 995}) {
      WeightPolicy.Claim claim = policy.claim(chunk(first), 1000);
      assertThat(claim.weight()).isEqualTo(first < 100 ? 1 : first < 991 ? 6 : 24);
      assertThat(claim.floor()).hasValue(2);
      assertThat(claim.max()).hasValue(3);
      assertThat(claim.eligibility()).isEqualTo(wanted);
    }
    assertThat(policy.claim(chunk(0), 4).weight()).as("all are new").isEqualTo(24);
    assertThat(policy.segments(other))
        .containsExactly(
            new Segment(0, 1, OptionalInt.empty(), OptionalInt.of(5), Eligibility.ANY));
    assertThat(policy.withCap(other, WeightPolicy.UNCAPPED).withFloor(other, 4))
        .isEqualTo(policy.withCopies(other, 4, WeightPolicy.UNCAPPED));
  }

  @Test
  void settings_outOfBounds_areRefused_andNamed() {
    assertThatThrownBy(() -> WeightPolicy.floor(D, 0)).hasMessageContaining("floor is '0'");
    assertThatThrownBy(() -> WeightPolicy.floor(D, 2).withCap(D, -1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("max is '-1'");
    assertThatThrownBy(() -> WeightPolicy.DEFAULTS.withCopies(D, 3, 2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("most is 2, below least, which is 3; give at least 3");
  }

  @Test
  void segment_ofAWeightOrFloorBelowOne_isRefused() {
    assertThatThrownBy(() -> Segment.of(0, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("weight is 0");
    assertThatThrownBy(() -> new Segment(0, 1, OptionalInt.of(0), Eligibility.ANY))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("floor is '0'");
  }
}
