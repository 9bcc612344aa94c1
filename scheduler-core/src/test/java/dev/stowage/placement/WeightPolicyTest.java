package dev.stowage.placement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.model.BlockRange;
import dev.stowage.model.Chunk;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.DatasetId;
import dev.stowage.model.Eligibility;
import dev.stowage.model.Labels;
import dev.stowage.model.WorkerVersion;
import dev.stowage.placement.WeightPolicy.Segment;
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
  void segment_ofAWeightOrFloorBelowOne_isRefused() {
    assertThatThrownBy(() -> Segment.of(0, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("weight is 0");
    assertThatThrownBy(() -> new Segment(0, 1, OptionalInt.of(0), Eligibility.ANY))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("floor is '0'");
  }
}
