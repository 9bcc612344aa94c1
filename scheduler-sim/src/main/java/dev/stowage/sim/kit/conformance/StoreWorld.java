package dev.stowage.sim.kit.conformance;

import dev.stowage.sim.kit.scenario.ScenarioStore;
import dev.stowage.sim.kit.scenario.ScenarioTokens;
import dev.stowage.store.spi.FleetStore;
import java.util.ArrayList;
import java.util.List;

/** A store under test that keeps the fleet of a world. Not thread-safe. */
final class StoreWorld implements ScenarioStore {
  private final StoreUnderTest store;
  private final List<FleetStore> connections = new ArrayList<>();

  private StoreWorld(StoreUnderTest store) {
    this.store = store;
    ProgressLog.opened();
    switchProcess();
  }

  /** Returns worlds on fresh stores; their lineages have the tokens of the memory backend. */
  static ScenarioStore.Backend of(StoreUnderTest.Maker maker) {
    return () -> new StoreWorld(maker.open(new ScenarioTokens()));
  }

  @Override
  public FleetStore store() {
    return connections.get(connections.size() - 1);
  }

  @Override
  public void switchProcess() {
    connections.add(store.connect());
  }

  @Override
  public void crash() {
    store.crash();
    connections.set(connections.size() - 1, store.connect());
  }

  @Override
  public void expireLease() {
    store.expireLease();
  }

  @Override
  public void remember() {
    store.remember();
  }

  @Override
  public void restore() {
    store.restore();
  }

  @Override
  public void close() {
    connections.stream().distinct().forEach(FleetStore::close);
    store.close();
  }
}
