package dev.stowage.storage.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.command.Command;
import dev.stowage.config.LifecycleConfig;
import dev.stowage.lifecycle.rows.CommandCodec;
import org.junit.jupiter.api.Test;

class KnownConfigTest {
  private final KnownConfig known = new KnownConfig();

  private static byte[] stored(int floor) {
    LifecycleConfig config = LifecycleConfig.builder().minReplication(floor).build();
    return CommandCodec.toBytes(new Command.Configure(Command.ANY_VERSION, config));
  }

  @Test
  void sameBytes_areTheSameConfiguration_untilOthersAreRead() {
    LifecycleConfig first = known.of(stored(2));
    assertThat(first.minReplication()).isEqualTo(2);
    assertThat(known.of(stored(2))).isSameAs(first);
    assertThat(known.of(stored(3)).minReplication()).isEqualTo(3);
    assertThat(known.of(stored(2))).isNotSameAs(first).isEqualTo(first);
  }

  @Test
  void bytesThatAreNoConfiguration_areRefused_andNotRemembered() {
    LifecycleConfig first = known.of(stored(2));
    assertThatThrownBy(() -> known.of(new byte[] {99})).isInstanceOf(RuntimeException.class);
    assertThat(known.of(stored(2))).isSameAs(first);
  }
}
