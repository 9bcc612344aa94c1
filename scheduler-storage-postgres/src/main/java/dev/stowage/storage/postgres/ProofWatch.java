package dev.stowage.storage.postgres;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the history of the fleets of a server on one thread, which ends with the last, and in
 * one transaction for those that are due. Thread-safe.
 */
final class ProofWatch {
  private static final long PAUSE_NANOS = 250_000_000;

  private final Set<Proofs> watched = ConcurrentHashMap.newKeySet();
  private @Nullable Thread thread;

  /** Watches until {@link Proofs#addIfDue} answers false. */
  synchronized void watch(Proofs proofs) {
    watched.add(proofs);
    if (thread == null) {
      Thread begun = new Thread(this::run, "stowage-proofs");
      begun.setDaemon(true);
      begun.start();
      thread = begun;
    }
  }

  private void run() {
    while (keepOrEnd()) {
      LockSupport.parkNanos(this, PAUSE_NANOS);
      List<Proofs> due = new ArrayList<>();
      // A copy, because one that is removed and added again would be visited again and again.
      for (Proofs proofs : List.copyOf(watched)) {
        // Removed first: a process that asks for the watch meanwhile adds it again.
        watched.remove(proofs);
        if (proofs.addIfDue(due)) {
          watched.add(proofs);
        }
      }
      Proofs.lookAtAll(due);
    }
  }

  private synchronized boolean keepOrEnd() {
    if (watched.isEmpty()) {
      thread = null;
      return false;
    }
    return true;
  }
}
