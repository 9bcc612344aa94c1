package dev.stowage.sim.kit.conformance;

import java.util.function.Function;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Hands the budget of a {@link ChunkStoreProperties} to its factories, overridden by configuration
 * parameters of JUnit: system properties, or the file {@code junit-platform.properties}. Stateless.
 */
final class BudgetParameter implements ParameterResolver {
  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == Budget.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    ChunkStoreProperties test = (ChunkStoreProperties) context.getRequiredTestInstance();
    Budget usual = test.budget();
    return new Budget(
        part(context, "chains", Long::valueOf, usual.chains()),
        part(context, "actions", Integer::valueOf, usual.actions()),
        part(context, "walks", Long::valueOf, usual.walks()),
        part(context, "steps", Integer::valueOf, usual.steps()),
        part(context, "seed", Long::valueOf, usual.seed()));
  }

  private static <T> T part(
      ExtensionContext context, String name, Function<String, T> read, T usual) {
    return context.getConfigurationParameter(Budget.PREFIX + name, read).orElse(usual);
  }
}
