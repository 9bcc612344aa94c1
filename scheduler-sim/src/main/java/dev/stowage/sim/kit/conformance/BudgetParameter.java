package dev.stowage.sim.kit.conformance;

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
    return test.budget().with(context::getConfigurationParameter);
  }
}
