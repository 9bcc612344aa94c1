package dev.stowage.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.command.Command;
import dev.stowage.command.Command.Bounds;
import dev.stowage.command.PlacementWish;
import dev.stowage.command.Result;
import dev.stowage.command.ResultCode;
import dev.stowage.config.LifecycleConfig;
import dev.stowage.config.WeightPolicy;
import dev.stowage.model.DatasetId;
import dev.stowage.model.Eligibility;
import dev.stowage.model.Incarnation;
import dev.stowage.model.Tick;
import dev.stowage.model.Worker.Labels;
import dev.stowage.model.Worker.WorkerVersion;
import dev.stowage.model.WorkerId;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Section 8, "Bounds": what is just within them is not refused, and one more is, by its name. */
class LimitRulesTest {
  private static final WorkerId WORKER = WorkerId.of("a");

  private final SmallWorld world = SmallWorld.of(1).workers(10, "a");

  /** The answer to what is too large, for this one reason. */
  private <R extends Result> R refused(Command<R> command) {
    assertThat(Lifecycle.isRefused(command)).isTrue();
    R answer = world.run(command);
    assertThat(Lifecycle.refusal(world.state, command)).hasValue(answer);
    assertThat(answer.code()).isEqualTo(ResultCode.TOO_LARGE);
    return answer;
  }

  private void assertAccepted(Command<?> command) {
    assertThat(Lifecycle.isRefused(command)).isFalse();
    assertThat(Lifecycle.refusal(world.state, command)).isEmpty();
    assertThat(world.run(command).isAccepted()).isTrue();
  }

  private static String characters(int more) {
    return "x".repeat(Bounds.NAME_CHARACTERS + more);
  }

  private static String tooManyCharacters(String field) {
    return field + " has 513 characters; at most 512 are accepted";
  }

  private static Labels labels(int more) {
    return Labels.copyOf(
        IntStream.range(0, Bounds.LABELS + more).mapToObj(at -> "label " + at).toList());
  }

  private static PlacementWish wish(String chunk) {
    return new PlacementWish(PlacementWish.Kind.PIN, DatasetId.of("d"), WORKER, Optional.of(chunk));
  }

  private LifecycleConfig asked(Labels required) {
    Eligibility asked = new Eligibility(WorkerVersion.ZERO, required);
    WeightPolicy.Segment segment = new WeightPolicy.Segment(0, 1, OptionalInt.empty(), asked);
    WeightPolicy weights = WeightPolicy.builder().segment(DatasetId.of("d"), segment).build();
    return world.state.config().toBuilder().weights(weights).build();
  }

  @Test
  void registration_isAnsweredWithNoLife() {
    assertThat(refused(new Command.Register(WORKER, characters(1))))
        .isEqualTo(
            new Result.Registered(
                ResultCode.TOO_LARGE,
                Incarnation.of(0),
                world.state.lineage(),
                0,
                false,
                List.of(tooManyCharacters("disk_id"))));
    assertAccepted(new Command.Register(WORKER, characters(0)));
  }

  @Test
  void configuration_isAnsweredWithTheVersionThatStands() {
    String why = "config has 257 required labels; at most 256 are accepted";
    LifecycleConfig tooLarge = asked(labels(1));
    assertThat(Lifecycle.tooLarge(tooLarge)).containsExactly(why);
    assertThat(refused(new Command.Configure(Command.ANY_VERSION, tooLarge)))
        .isEqualTo(new Result.Versioned(ResultCode.TOO_LARGE, 1, List.of(why)));
    assertThat(Lifecycle.tooLarge(asked(labels(0)))).isEmpty();
    assertAccepted(new Command.Configure(Command.ANY_VERSION, asked(labels(0))));
  }

  @Test
  void wishes_areAnsweredWithTheVersionThatStands() {
    world.run(new Command.Freeze(Command.ANY_VERSION));
    Result wanted =
        new Result.Versioned(ResultCode.TOO_LARGE, 1, List.of(tooManyCharacters("chunk_id")));
    PlacementWish tooLong = wish(characters(1));
    assertThat(refused(new Command.Wish(tooLong, Command.ANY_VERSION))).isEqualTo(wanted);
    assertThat(refused(new Command.Unwish(tooLong, Command.ANY_VERSION))).isEqualTo(wanted);
    world.ingest("d/" + characters(0), 0, 9);
    assertAccepted(new Command.Wish(wish(characters(0)), Command.ANY_VERSION));
  }

  @Test
  void departures_areConfirmedUpToTheBound() {
    String why = "workers has 5001 workers; at most 5000 are accepted";
    List<WorkerId> tooMany = Collections.nCopies(Bounds.WORKERS + 1, WORKER);
    assertThat(refused(new Command.ConfirmDepartures(tooMany)).reasons()).containsExactly(why);
    assertAccepted(new Command.ConfirmDepartures(tooMany.subList(1, tooMany.size())));
  }

  @Test
  void commandsWithoutBounds_areNeverRefused() {
    assertAccepted(new Command.ResetTime(Tick.of(Long.MAX_VALUE)));
    assertAccepted(new Command.Freeze(Command.ANY_VERSION));
  }
}
