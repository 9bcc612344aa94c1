package dev.stowage.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.Stowage;
import dev.stowage.audit.Audit;
import dev.stowage.lifecycle.LifecycleView;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Audits, after each test, every facade and every state that the test has shown to it: the test
 * states one fact, the audit checks all the others. Facades that no longer lead are passed over:
 * their mirror is nobody's truth.
 */
public final class AuditExtension implements AfterEachCallback {
  private final List<Stowage> facades = new ArrayList<>();
  private final List<LifecycleView> states = new ArrayList<>();

  /** Audits this facade when the test is over. */
  public Stowage watch(Stowage facade) {
    facades.add(facade);
    return facade;
  }

  /** Audits this state when the test is over. */
  public <T extends LifecycleView> T watch(T state) {
    states.add(state);
    return state;
  }

  @Override
  public void afterEach(ExtensionContext context) {
    for (Stowage facade : facades) {
      if (facade.isLeading()) {
        states.add(SmallFleet.state(facade));
      }
      facade.close();
    }
    for (LifecycleView state : states) {
      assertThat(Audit.check(state)).isEmpty();
      assertThat(state.fullDigest()).isEqualTo(state.digest());
    }
    facades.clear();
    states.clear();
  }
}
