package dev.stowage.lifecycle.rows;

import dev.stowage.evidence.CanonicalReader;
import dev.stowage.evidence.CanonicalWriter;
import dev.stowage.lifecycle.LifecycleConfig;
import dev.stowage.placement.MovementBudget;
import dev.stowage.shape.Form;
import dev.stowage.shape.Forms;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;

/** The forms of configurations in commands. */
public final class ConfigForms {
  /** A configuration. */
  public static final Form<LifecycleConfig> CONFIG = form(ConfigCodec::write, ConfigCodec::read);

  /** A movement budget. */
  public static final Form<MovementBudget> BUDGET = form(ConfigCodec::budget, ConfigCodec::budget);

  private ConfigForms() {}

  /** Returns the canonical bytes that a configuration takes. */
  public static long size(LifecycleConfig config) {
    CanonicalWriter out = new CanonicalWriter();
    ConfigCodec.write(out, config);
    return out.length();
  }

  /** Returns the most labels that a segment of a dataset requires. */
  public static long mostLabels(LifecycleConfig config) {
    return config.weights().all().values().stream()
        .flatMap(List::stream)
        .mapToLong(segment -> segment.eligibility().requiredLabels().sorted().size())
        .max()
        .orElse(0);
  }

  private static <V> Form<V> form(
      BiConsumer<CanonicalWriter, V> write, Function<CanonicalReader, V> read) {
    return Forms.of(
        Forms.BYTES,
        bytes -> {
          CanonicalReader in = CanonicalReader.of(bytes);
          V value = in.value(read);
          in.end();
          return value;
        },
        value -> {
          CanonicalWriter out = new CanonicalWriter();
          write.accept(out, value);
          return out.toBytes();
        });
  }
}
