package dev.stowage.evidence.files;

import dev.stowage.evidence.ChainPoint;
import dev.stowage.evidence.EvidenceException;
import dev.stowage.evidence.EvidenceException.Damage;
import dev.stowage.evidence.EvidenceHeader;
import dev.stowage.evidence.EvidenceLog.Explained;
import dev.stowage.evidence.EvidenceRecord;
import dev.stowage.evidence.Hash256;
import dev.stowage.evidence.RecordCatalog;
import dev.stowage.evidence.Subject;
import dev.stowage.evidence.Verifier;
import dev.stowage.evidence.Verifier.Anchor;
import dev.stowage.evidence.Verifier.Verification;
import dev.stowage.evidence.canonical.HashChain;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads what a {@link SegmentSink} wrote: one segment file, or a directory of them. Every reading
 * starts afresh, at the files' present length. Not thread-safe; close it after iterating.
 */
public final class EvidenceFile implements AutoCloseable {
  private final List<Path> files;
  private final EvidenceHeader header;
  private final ChainPoint start;
  private final List<SegmentScanner> opened = new ArrayList<>();

  private EvidenceFile(List<Path> files, EvidenceHeader header, ChainPoint start) {
    this.files = files;
    this.header = header;
    this.start = start;
  }

  /** Opens evidence; throws {@code Unavailable}, {@code Malformed} or {@code Mismatch}. */
  public static EvidenceFile open(Path path) {
    List<Path> files = Files.isDirectory(path) ? segmentsIn(path) : List.of(path);
    if (files.isEmpty()) {
      throw new EvidenceException.Unavailable(
          "no evidence segment in " + path, new IOException("no file is named like one"));
    }
    try (SegmentScanner first = SegmentScanner.open(FileWindow.open(files.get(0)))) {
      return new EvidenceFile(files, first.header(), first.start());
    }
  }

  /** Returns the segment files of a directory, by their first record. */
  public static List<Path> segmentsIn(Path directory) {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries
          .filter(path -> SegmentName.isSegment(path.getFileName().toString()))
          .sorted((a, b) -> a.getFileName().toString().compareTo(b.getFileName().toString()))
          .toList();
    } catch (IOException e) {
      throw new EvidenceException.Unavailable("cannot list " + directory, e);
    }
  }

  /** Returns the files, in order. */
  public List<Path> files() {
    return files;
  }

  /** Returns the header of the chain. */
  public EvidenceHeader header() {
    return header;
  }

  /** Returns the point before the first record that was not trimmed. */
  public ChainPoint start() {
    return start;
  }

  /** Returns all records; iteration throws {@link EvidenceException.Damaged} at a fault or gap. */
  public Iterable<EvidenceRecord> records() {
    return () -> new Records(true);
  }

  /** Returns the whole records, in order, without damaged ones. */
  public Iterable<EvidenceRecord> wholeRecords() {
    return () -> new Records(false);
  }

  /** Reads everything and recomputes the chain; the end is not known. */
  public FileReport verify() {
    return new Check().run(null);
  }

  /** Reads everything, recomputes the chain and requires that it ends at {@code head}. */
  public FileReport verify(ChainPoint head) {
    return new Check().run(head);
  }

  /** Explains the whole records that touch {@code subject}, in order. */
  public List<Explained> explain(Subject subject, RecordCatalog catalog) {
    return catalog.explain(subject, wholeRecords());
  }

  @Override
  public void close() {
    opened.forEach(SegmentScanner::close);
    opened.clear();
  }

  private SegmentScanner openSegment(Path path) {
    SegmentScanner scanner = SegmentScanner.open(FileWindow.open(path));
    try {
      header.requireSame(scanner.header());
    } catch (EvidenceException.Mismatch e) {
      scanner.close();
      throw e;
    }
    opened.add(scanner);
    return scanner;
  }

  private void closeSegment(SegmentScanner scanner) {
    scanner.close();
    opened.remove(scanner);
  }

  private final class Walk {
    private int nextFile;
    private @Nullable SegmentScanner segment;
    private ChainPoint reached = start;
    private @Nullable Damage damage;
    private boolean closed;

    SegmentScanner.Step next() {
      while (true) {
        SegmentScanner current = segment;
        if (current == null) {
          if (nextFile == files.size()) {
            return SegmentScanner.Step.EOF;
          }
          if (!begin(files.get(nextFile++))) {
            return SegmentScanner.Step.DAMAGE;
          }
          continue;
        }
        SegmentScanner.Step step = current.next();
        reached = current.goodPoint();
        damage = current.damage().orElse(null);
        if (step != SegmentScanner.Step.EOF) {
          return step;
        }
        closed = current.isEnded();
        closeSegment(current);
        segment = null;
      }
    }

    private boolean begin(Path path) {
      SegmentScanner opening;
      try {
        opening = openSegment(path);
      } catch (EvidenceException.Malformed e) {
        closed = false;
        damage =
            new Damage(
                path, e.offset(), reached.index(), "a segment", String.valueOf(e.getMessage()));
        return false;
      }
      segment = opening;
      if (opening.start().equals(reached)) {
        return true;
      }
      damage =
          new Damage(
              path, 0, reached.index(), "a segment from " + reached, "one from " + opening.start());
      reached = opening.start();
      return false;
    }

    SegmentScanner current() {
      SegmentScanner current = segment;
      if (current == null) {
        throw new NoSuchElementException("no segment is open");
      }
      return current;
    }

    Damage damageHere() {
      Damage here = damage;
      if (here == null) {
        throw new NoSuchElementException("no damage here");
      }
      return here;
    }
  }

  private final class Records implements Iterator<EvidenceRecord> {
    private final boolean strict;
    private final Walk walk = new Walk();
    private @Nullable EvidenceRecord upcoming;
    private boolean exhausted;

    Records(boolean strict) {
      this.strict = strict;
    }

    @Override
    public boolean hasNext() {
      while (upcoming == null && !exhausted) {
        switch (walk.next()) {
          case RECORD -> upcoming = walk.current().record();
          case EOF -> exhausted = true;
          case GAP, DAMAGE -> refuse(walk.damageHere());
          case END -> {}
        }
      }
      return upcoming != null;
    }

    private void refuse(Damage damage) {
      if (strict) {
        exhausted = true;
        throw new EvidenceException.Damaged(damage);
      }
    }

    @Override
    public EvidenceRecord next() {
      EvidenceRecord record = hasNext() ? upcoming : null;
      if (record == null) {
        throw new NoSuchElementException("no more records");
      }
      upcoming = null;
      return record;
    }
  }

  private final class Check {
    private final Walk walk = new Walk();
    private final List<Damage> damages = new ArrayList<>();
    private final boolean chained = !start.hash().equals(Hash256.ZERO);
    private HashChain chain = HashChain.startingAt(start.hash());
    private boolean lost;
    private long damageCount;
    private long records;

    FileReport run(@Nullable ChainPoint head) {
      SegmentScanner.Step step = walk.next();
      while (step != SegmentScanner.Step.EOF) {
        switch (step) {
          case RECORD -> record(walk.current());
          case DAMAGE -> damaged(walk.damageHere());
          case GAP -> {
            noted(walk.damageHere());
            chain = HashChain.startingAt(walk.reached.hash());
            lost = false;
          }
          default -> {}
        }
        step = walk.next();
      }
      ChainPoint end = walk.reached;
      return new FileReport(
          verdict(end, Optional.ofNullable(head)), damages, damageCount, records, end, walk.closed);
    }

    private void record(SegmentScanner at) {
      records++;
      if (!chained) {
        return;
      }
      if (lost) {
        // the hash before this record is not known: go on from the one that it brought
        chain = HashChain.startingAt(at.goodPoint().hash());
        lost = false;
        return;
      }
      if (!at.follows(chain)) {
        noted(
            new Damage(
                at.path(),
                at.frameStart(),
                at.goodPoint().index() - 1,
                "hash " + chain.head(),
                "hash " + at.goodPoint().hash()));
        chain = HashChain.startingAt(at.goodPoint().hash());
      }
    }

    private void damaged(Damage damage) {
      noted(damage);
      lost = true;
    }

    private void noted(Damage damage) {
      if (damages.size() < FileReport.DAMAGES_LISTED) {
        damages.add(damage);
      }
      damageCount++;
    }

    private Verification verdict(ChainPoint end, Optional<ChainPoint> head) {
      if (!damages.isEmpty()) {
        Damage first = damages.get(0);
        String problem = first.file().getFileName() + " byte " + first.offset();
        return new Verification.Broken(first.index(), problem, first.expected(), first.found());
      }
      if (!chained) {
        return new Verification.Unchained(records);
      }
      if (head.isPresent() && !head.get().equals(end)) {
        return Verifier.endDiffers(start, end, head.get());
      }
      return new Verification.Intact(new Anchor(start, end));
    }
  }

  /**
   * The findings in an evidence file: the first {@value #DAMAGES_LISTED} places of damage, in
   * order, and the count of all. Unless {@code closed}, records may be missing at the end.
   */
  public record FileReport(
      Verification verification,
      List<Damage> damages,
      long damageCount,
      long records,
      ChainPoint end,
      boolean closed) {
    /** The most damages that a report lists. */
    public static final int DAMAGES_LISTED = 100;

    /** Copies the list. */
    public FileReport {
      Objects.requireNonNull(verification, "verification");
      Objects.requireNonNull(end, "end");
      damages = List.copyOf(damages);
    }

    /** Reports whether the chain holds. */
    public boolean isIntact() {
      return verification.isIntact();
    }
  }
}
