package dev.stowage.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.Stowage;
import dev.stowage.StowageConfig.AuditLevel;
import dev.stowage.command.Command;
import dev.stowage.command.Result;
import dev.stowage.command.ResultCode;
import dev.stowage.lifecycle.CommandKind;
import dev.stowage.lifecycle.Lifecycle;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/**
 * Commands up to twice as large as they may be: both doors give the same answer, what is refused
 * changes nothing, and whoever leads goes on. A backend extends this class, says how its store is
 * opened, and changes nothing else.
 */
public abstract class BoundsProperties {
  private static final List<CommandKind<?, ?>> KINDS =
      CommandKind.ALL.stream().filter(kind -> !kind.isLeadersOwn()).toList();

  /** A fresh store, whose fleet has not begun. */
  protected abstract StoreFixture open();

  @Property(seed = "1", shrinking = ShrinkingMode.OFF)
  void command_upToTwiceItsBounds_isAnsweredAlikeAndStopsNobody(@ForAll long seed) {
    Random random = new Random(seed);
    CommandKind<?, ?> kind = KINDS.get(random.nextInt(KINDS.size()));
    double times = Math.pow(10, 2.3 * random.nextDouble() - 2);
    Command<?> command = CommandSamples.of(kind, times);
    List<Object> atInbox = answeredAt(command, false);
    List<Object> atLeader = answeredAt(command, true);
    assertThat(atInbox).as("%s, %s times its bounds", kind, times).isEqualTo(atLeader);
    assertThat(atInbox.get(0).equals(ResultCode.TOO_LARGE)).isEqualTo(Lifecycle.isRefused(command));
  }

  /** The code and the reasons of the answer, in a fleet that goes on with another leader. */
  private List<Object> answeredAt(Command<?> command, boolean isLeader) {
    StoreFixture fixture = open();
    try {
      Stowage leader = facade(fixture, "first");
      assertThat(leader.claim(1).granted()).isTrue();
      long digest = SmallFleet.state(leader).digest();
      Stowage door = isLeader ? leader : writer(fixture, leader);
      Result result = door.execute(command, 1);
      leader.schedule(2_000_000_000L);
      leader.publish(2_000_000_000L);
      if (result.code() == ResultCode.TOO_LARGE) {
        assertThat(SmallFleet.state(leader).digest()).isEqualTo(digest);
      }
      long after = SmallFleet.state(leader).digest();
      fixture.expireLease();
      Stowage next = facade(fixture, "next");
      assertThat(next.claim(3_000_000_000L).granted()).isTrue();
      assertThat(SmallFleet.state(next).digest()).isEqualTo(after);
      next.schedule(3_000_000_000L);
      return List.of(result.code(), reasons(result));
    } finally {
      fixture.close();
    }
  }

  private static Stowage writer(StoreFixture fixture, Stowage leader) {
    Command<?> nothing = new Command.CancelSwap(Long.MAX_VALUE);
    return Stowage.builder(new PromptStore(fixture.connect(), () -> leader.execute(nothing, 1)))
        .config(SmallFleet.config().withAnswersWithin(Duration.ofMinutes(1)))
        .build();
  }

  private static Stowage facade(StoreFixture fixture, String holder) {
    return Stowage.builder(fixture.connect())
        .config(SmallFleet.config().withHolder(holder).withAudit(AuditLevel.OFF))
        .build();
  }

  // A follower names the command, under which it waits.
  private static boolean isOffered(Result.Item item) {
    return item.code() == ResultCode.OFFERED;
  }

  private static List<String> reasons(Result result) {
    return result instanceof Result.Batch batch
        ? batch.items().stream()
            .map(item -> item.code() + (isOffered(item) ? "" : " " + item.reasons()))
            .toList()
        : result.reasons();
  }
}
