package dev.stowage.storage.postgres;

import dev.stowage.command.Command;
import dev.stowage.config.LifecycleConfig;
import dev.stowage.lifecycle.rows.CommandCodec;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Caches the last configuration, whose decoding is slower than a small command. Thread-safe. */
final class KnownConfig {
  private volatile @Nullable Read last;

  private record Read(byte[] stored, LifecycleConfig config) {}

  /** Returns the configuration in these bytes, which must not change afterwards. */
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
