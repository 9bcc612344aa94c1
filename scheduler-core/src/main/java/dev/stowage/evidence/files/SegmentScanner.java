package dev.stowage.evidence.files;

import dev.stowage.evidence.ChainPoint;
import dev.stowage.evidence.EvidenceException;
import dev.stowage.evidence.EvidenceException.Damage;
import dev.stowage.evidence.EvidenceHeader;
import dev.stowage.evidence.EvidenceLog;
import dev.stowage.evidence.EvidenceRecord;
import dev.stowage.evidence.Hash256;
import dev.stowage.evidence.Verifier.Anchor;
import dev.stowage.evidence.canonical.HashChain;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads a segment frame by frame, stepping over damage, so that one bad byte costs one record.
 * Where an index can follow, a place is examined further, which keeps stepping cheap. Bytes that
 * are made to look like frames end the search: it examines at most {@link #SEARCHED} times the
 * file.
 */
final class SegmentScanner implements AutoCloseable {
  enum Step {
    RECORD,
    GAP,
    END,
    DAMAGE,
    EOF
  }

  /** The bytes that searches for a frame may examine in vain, for each byte of the file. */
  static final int SEARCHED = 64;

  /** The bytes that searches may examine in vain whatever the size of the file is. */
  static final int SEARCHED_BASE = 1 << 20;

  private final FileWindow file;
  private final SegmentFormat.Head head;
  private long expectedIndex;
  private long position;
  private long frameStart;
  private int frameLength;
  private long goodEnd;
  private ChainPoint goodPoint;
  private boolean ended;
  private long searched;
  private @Nullable Damage damage;

  private SegmentScanner(FileWindow file, SegmentFormat.Head head) {
    this.file = file;
    this.head = head;
    this.expectedIndex = head.start().index();
    this.position = head.length();
    this.goodEnd = position;
    this.goodPoint = head.start();
  }

  /** Throws {@link EvidenceException} if the head is malformed or of another format version. */
  static SegmentScanner open(FileWindow file) {
    try {
      return new SegmentScanner(file, readHead(file));
    } catch (EvidenceException.Malformed e) {
      file.close();
      throw new EvidenceException.Malformed(e.offset(), file.path() + ": " + e.getMessage());
    } catch (EvidenceException e) {
      file.close();
      throw e;
    }
  }

  private static SegmentFormat.Head readHead(FileWindow file) {
    requireBytes(file, SegmentFormat.PREFIX);
    int at = file.at(0, SegmentFormat.PREFIX);
    int length = SegmentFormat.headLength(file.bytes(), at);
    requireBytes(file, length);
    at = file.at(0, length);
    return SegmentFormat.decodeHead(file.bytes(), at, length);
  }

  private static void requireBytes(FileWindow file, int length) {
    if (!file.has(0, length)) {
      throw new EvidenceException.Malformed(
          file.size(), "the file ends inside its head, which has " + length + " bytes");
    }
  }

  Path path() {
    return file.path();
  }

  EvidenceHeader header() {
    return head.header();
  }

  ChainPoint start() {
    return head.start();
  }

  Step next() {
    damage = null;
    if (position >= file.size()) {
      return Step.EOF;
    }
    boolean afterEnd = ended;
    ended = false;
    int length = wholeFrameAt(position);
    if (length < 0) {
      return stepOver();
    }
    frameStart = position;
    frameLength = length;
    if (afterEnd) {
      damage = damageAt(position, "the end of the segment", "another frame");
      return Step.DAMAGE;
    }
    int at = file.at(frameStart, frameLength);
    long index = SegmentFormat.longAt(file.bytes(), at);
    if (index != expectedIndex) {
      return misplaced(index);
    }
    position += length;
    return switch (SegmentFormat.wireAt(file.bytes(), at + 8)) {
      case SegmentFormat.GAP -> gap(at);
      case SegmentFormat.END -> end(at);
      default -> record(at);
    };
  }

  private Step record(int at) {
    expectedIndex++;
    good(new ChainPoint(expectedIndex, hashAt(at)));
    return Step.RECORD;
  }

  private Step gap(int at) {
    try {
      ChainPoint to =
          SegmentFormat.decodeGap(
              file.bytes(),
              at + SegmentFormat.FRAME_HEAD,
              frameLength - SegmentFormat.FRAME_OVERHEAD);
      if (to.index() > expectedIndex) {
        damage =
            damageAt(
                frameStart,
                "record " + expectedIndex,
                "a gap: the writer's sink did not get records up to " + (to.index() - 1));
        expectedIndex = to.index();
        good(to);
        return Step.GAP;
      }
    } catch (EvidenceException.Malformed e) {
      damage = damageAt(frameStart, "a readable gap mark", String.valueOf(e.getMessage()));
      return Step.DAMAGE;
    }
    damage = damageAt(frameStart, "a gap that leads forward", "one that does not");
    return Step.DAMAGE;
  }

  private Step end(int at) {
    String found;
    try {
      Anchor anchor =
          SegmentFormat.decodeEnd(
              file.bytes(),
              at + SegmentFormat.FRAME_HEAD,
              frameLength - SegmentFormat.FRAME_OVERHEAD);
      if (anchor.from().equals(head.start()) && anchor.to().equals(goodPoint)) {
        ended = true;
        return Step.END;
      }
      found = anchor.toString();
    } catch (EvidenceException.Malformed | IllegalArgumentException e) {
      found = String.valueOf(e.getMessage());
    }
    damage = damageAt(frameStart, "the end of " + new Anchor(head.start(), goodPoint), found);
    return Step.DAMAGE;
  }

  private void good(ChainPoint point) {
    goodEnd = position;
    goodPoint = point;
  }

  private Step misplaced(long index) {
    damage = damageAt(position, "record " + expectedIndex, "record " + index);
    if (index > expectedIndex) {
      expectedIndex = index;
    } else {
      position += frameLength;
    }
    return Step.DAMAGE;
  }

  private Step stepOver() {
    long from = position;
    long candidate = from + 1;
    long most = SEARCHED_BASE + SEARCHED * file.size();
    boolean found = false;
    while (!found && searched <= most && file.has(candidate, SegmentFormat.FRAME_OVERHEAD)) {
      found = wholeFrameAt(candidate) >= 0;
      candidate += found ? 0 : 1;
    }
    position = found ? candidate : file.size();
    String end = searched <= most ? ", up to the end" : ", or more: the search was given up";
    String what = (position - from) + " bytes that are no whole frame" + (found ? "" : end);
    damage = damageAt(from, "a whole frame of record " + expectedIndex, what);
    if (found) {
      int at = file.at(candidate, SegmentFormat.FRAME_OVERHEAD);
      expectedIndex = Math.max(expectedIndex, SegmentFormat.longAt(file.bytes(), at));
    }
    return Step.DAMAGE;
  }

  private int wholeFrameAt(long place) {
    if (!file.has(place, SegmentFormat.FRAME_OVERHEAD)) {
      return -1;
    }
    int at = file.at(place, SegmentFormat.FRAME_HEAD);
    long index = SegmentFormat.longAt(file.bytes(), at);
    int payload = SegmentFormat.intAt(file.bytes(), at + 10);
    // a frame can be misplaced only among those that fit into this file
    long most = expectedIndex + file.size() / SegmentFormat.FRAME_OVERHEAD;
    long length = SegmentFormat.FRAME_OVERHEAD + (long) payload;
    if (index < head.start().index()
        || index > most
        || payload < 0
        || payload > EvidenceLog.MAX_PAYLOAD_BYTES
        || !file.has(place, length)) {
      return -1;
    }
    int frame = file.at(place, (int) length);
    int crcAt = frame + (int) length - 4;
    if (SegmentFormat.crc(file.bytes(), frame, (int) length - 4)
        != SegmentFormat.intAt(file.bytes(), crcAt)) {
      searched += length;
      return -1;
    }
    return (int) length;
  }

  /** Returns the bytes that were examined and are no frame. */
  long searched() {
    return searched;
  }

  private Damage damageAt(long offset, String expected, String found) {
    return new Damage(file.path(), offset, expectedIndex, expected, found);
  }

  private Hash256 hashAt(int at) {
    return Hash256.fromBytes(file.bytes(), at + frameLength - 4 - Hash256.BYTES);
  }

  Optional<Damage> damage() {
    return Optional.ofNullable(damage);
  }

  EvidenceRecord record() {
    int at = file.at(frameStart, frameLength);
    int payload = at + SegmentFormat.FRAME_HEAD;
    int length = frameLength - SegmentFormat.FRAME_OVERHEAD;
    return EvidenceRecord.owning(
        expectedIndex - 1,
        SegmentFormat.wireAt(file.bytes(), at + 8),
        Arrays.copyOfRange(file.bytes(), payload, payload + length),
        hashAt(at));
  }

  boolean follows(HashChain chain) {
    int at = file.at(frameStart, frameLength);
    int length = frameLength - SegmentFormat.FRAME_OVERHEAD;
    chain.advance(
        SegmentFormat.wireAt(file.bytes(), at + 8),
        file.bytes(),
        at + SegmentFormat.FRAME_HEAD,
        length);
    return chain.headIs(file.bytes(), at + SegmentFormat.FRAME_HEAD + length);
  }

  long goodEnd() {
    return goodEnd;
  }

  ChainPoint goodPoint() {
    return goodPoint;
  }

  long frameStart() {
    return frameStart;
  }

  boolean isEnded() {
    return ended;
  }

  @Override
  public void close() {
    file.close();
  }
}
