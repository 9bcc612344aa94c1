package dev.stowage.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.Stowage;
import dev.stowage.StowageConfig;
import dev.stowage.StowageConfig.AuditLevel;
import dev.stowage.command.Command;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/**
 * A fleet of three workers with a leader, and with another process whose commands the leader
 * decides at once: the two doors that a command may come in by. A backend says how its store is
 * opened.
 */
abstract class TwoDoors {
  private final AuditLevel level;
  StoreFixture fixture;
  Stowage leader;
  Stowage writer;
  SmallFleet fleet;

  /**
   * A fleet.
   *
   * @param level what its processes audit
   */
  TwoDoors(AuditLevel level) {
    this.level = level;
  }

  /** A fresh store, whose fleet has not begun. */
  protected abstract StoreFixture open();

  @BeforeEach
  void openDoors() {
    fixture = open();
    leader = facade("first");
    fleet = new SmallFleet(leader);
    writer = writer();
    assertThat(leader.claim(fleet.now()).granted()).isTrue();
    fleet.join(1L << 40, "a", "b", "c");
  }

  @AfterEach
  void closeDoors() {
    fixture.close();
  }

  Stowage facade(String holder) {
    return Stowage.builder(fixture.connect()).config(config(holder)).build();
  }

  private Stowage writer() {
    return Stowage.builder(new PromptStore(fixture.connect(), this::takeTurn))
        .config(config("writer").withAnswersWithin(Duration.ofMinutes(1)))
        .build();
  }

  /** Has the leader decide what waits, before a command that changes nothing. */
  private void takeTurn() {
    leader.execute(new Command.CancelSwap(Long.MAX_VALUE), fleet.now());
  }

  private StowageConfig config(String holder) {
    return SmallFleet.config().withHolder(holder).withAudit(level);
  }
}
