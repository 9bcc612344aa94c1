package dev.stowage.sim.tool.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.answer.Progress.Cause;
import dev.stowage.answer.Progress.CopyTime;
import dev.stowage.config.Reason;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.WorkerId;
import dev.stowage.placement.PlanChanges;
import dev.stowage.placement.PlanChanges.ActionKind;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PlanTimeTest {
  private static PlanChanges one(ActionKind kind, Optional<PlanChanges.Cycles> cycles) {
    PlanChanges.Move move =
        new PlanChanges.Move(
            kind,
            ChunkKey.of("d", "c"),
            Optional.empty(),
            Optional.of(WorkerId.of("a")),
            100,
            Cause.REPAIR,
            Reason.values()[0]);
    return new PlanChanges(List.of(move), List.of(), cycles, 0);
  }

  private static String copied(Optional<PlanChanges.Cycles> cycles, Optional<CopyTime> time) {
    return PlanTime.inWords(one(ActionKind.ADD, cycles), changes -> time);
  }

  @Test
  void planWithoutCopies_takesNoTime() {
    PlanChanges changes = one(ActionKind.READOPT, Optional.empty());
    assertThat(PlanTime.inWords(changes, PlanTime.OF_FILES)).isEqualTo("It takes no time.");
  }

  @Test
  void planOfFiles_isTimedByItsBudgetAlone() {
    assertThat(copied(Optional.empty(), Optional.empty()))
        .isEqualTo(
            "How long it takes is unknown: no movement budget limits it, and files have no"
                + " rates.");
    assertThat(copied(Optional.of(new PlanChanges.Cycles(2, 3)), Optional.empty()))
        .isEqualTo("With the movement budget it takes 2 to 3 cycles.");
  }

  @Test
  void planOfALiveFleet_isTimedByItsRates_orSaysThatNoneIsKnown() {
    assertThat(copied(Optional.empty(), Optional.of(new CopyTime(25, 120))))
        .isEqualTo(
            "By the movement budget and the rates of the last minutes its copies take 25 s to 2"
                + " min.");
    assertThat(copied(Optional.of(new PlanChanges.Cycles(1, 1)), Optional.of(new CopyTime(5, 5))))
        .isEqualTo("By the movement budget and the rates of the last minutes its copies take 5 s.");
    assertThat(copied(Optional.empty(), Optional.of(new CopyTime(0, 0.4))))
        .as("what is to go takes some time")
        .endsWith("its copies take 1 s.");
    assertThat(copied(Optional.empty(), Optional.of(new CopyTime(Double.NaN, Double.NaN))))
        .startsWith("How long its copies take is unknown: no budget bounds moves, and no rate");
  }
}
