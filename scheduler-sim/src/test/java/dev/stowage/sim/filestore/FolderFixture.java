package dev.stowage.sim.filestore;

import dev.stowage.sim.kit.conformance.StoreUnderTest;
import dev.stowage.store.StoreFixture;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A folder under test, for the contracts of core and for the harness. */
final class FolderFixture implements StoreFixture, StoreUnderTest {
  /** Files are rewritten in the middle of stories; what dies here is a process, no machine. */
  private static final FileChunkStore.Tuning TUNING =
      new FileChunkStore.Tuning(64L << 10, Journal.Durability.PROCESS);

  private final Path folder;
  private final LongSupplier lineageTokens;
  private final AtomicLong clock = new AtomicLong(1);
  private @Nullable FileChunkStore open;
  private byte @Nullable [] remembered;
  private @Nullable LongSupplier trustedNanos;

  private FolderFixture(Path folder, LongSupplier lineageTokens) {
    this.folder = folder;
    this.lineageTokens = lineageTokens;
  }

  /** A fresh folder. */
  static FolderFixture fresh(LongSupplier lineageTokens) {
    try {
      return new FolderFixture(Files.createTempDirectory("fleet"), lineageTokens);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The fleet trusts this clock. */
  FolderFixture trusting(LongSupplier nanos) {
    trustedNanos = nanos;
    return this;
  }

  /** One process has the folder, so every connection of it is the same. */
  @Override
  public FileChunkStore connect() {
    FileChunkStore known = open;
    if (known == null) {
      known = FileChunkStore.open(folder, clock::get, lineageTokens, TUNING);
      LongSupplier trusted = trustedNanos;
      known = trusted == null ? known : known.trusting(trusted);
      open = known;
    }
    return known;
  }

  @Override
  public void expireLease() {
    connect().lease().ifPresent(lease -> clock.set(lease.expiresAtNanos()));
  }

  /** Rows alone are enough for deltas since the assignments that were the newest at the load. */
  @Override
  public boolean keepsAssignments() {
    return true;
  }

  /** To close this store is no more than to let its process end. */
  @Override
  public void crash() {
    connect().close();
    open = null;
  }

  @Override
  public boolean canLoseCommits() {
    return true;
  }

  @Override
  public void remember() {
    remembered = connect().backup();
  }

  @Override
  public void restore() {
    byte[] backup = remembered;
    if (backup == null) {
      throw new IllegalStateException("nothing was remembered");
    }
    connect().restore(backup);
  }

  @Override
  public void close() {
    crash();
    try (Stream<Path> files = Files.walk(folder)) {
      List<Path> all = files.sorted(Comparator.reverseOrder()).toList();
      for (Path each : all) {
        Files.delete(each);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
