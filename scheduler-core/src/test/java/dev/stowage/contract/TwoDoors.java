package dev.stowage.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.AuditLevel;
import dev.stowage.Stowage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/**
 * A fleet of three workers with a leader, and with another process that writes through the inbox:
 * the two doors that a command may come in by. A backend says how its store is opened.
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
    writer = facade("writer");
    fleet = new SmallFleet(leader);
    assertThat(leader.claim(fleet.now()).granted()).isTrue();
    fleet.join(1L << 40, "a", "b", "c");
  }

  @AfterEach
  void closeDoors() {
    fixture.close();
  }

  Stowage facade(String holder) {
    return Stowage.builder(fixture.connect())
        .config(SmallFleet.config().withHolder(holder).withAudit(level))
        .build();
  }
}
