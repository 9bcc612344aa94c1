package dev.stowage.storage.postgres;

import dev.stowage.lifecycle.Command;
import dev.stowage.lifecycle.LifecycleConfig;
import dev.stowage.lifecycle.rows.CommandCodec;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The configuration that was read last, for whoever reads the fleet's row again and again: decoding
 * and checking it takes longer than a small command does. Thread-safe.
 */
final class KnownConfig {
  private volatile @Nullable Read last;

  private record Read(byte[] stored, LifecycleConfig config) {}

  /** The configuration in these bytes, which nobody changes afterwards. */
  LifecycleConfig of(byte[] stored) {
    Read known = last;
    if (known != null && Arrays.equals(known.stored(), stored)) {
      return known.config();
    }
    LifecycleConfig config = ((Command.Configure) CommandCodec.fromBytes(stored)).config();
    last = new Read(stored, config);
    return config;
  }
}
