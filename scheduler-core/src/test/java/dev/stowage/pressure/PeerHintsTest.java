package dev.stowage.pressure;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PeerHintsTest {
  @Test
  void namesThatAreSeenOnce_areForgotten_thoughNobodyAsksForRelief() {
    PeerHints hints = new PeerHints();
    long now = 0;
    for (int peer = 0; peer < 10_000; peer++) {
      now += PeerHints.FORGET_AFTER_NANOS / 10;
      hints.available("peer-" + peer, 0.1, now);
    }
    assertThat(hints.size()).isLessThan(100);
    assertThat(hints.count(now)).isEqualTo(11);
  }
}
