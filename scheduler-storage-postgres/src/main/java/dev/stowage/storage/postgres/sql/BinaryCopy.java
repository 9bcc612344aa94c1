package dev.stowage.storage.postgres.sql;

import dev.stowage.shape.Field;
import dev.stowage.shape.Kind;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;
import org.postgresql.copy.CopyOut;

/** Rows in PostgreSQL's binary COPY format: the narrowest way in and out. Belongs to one thread. */
public final class BinaryCopy {
  private static final byte[] SIGNATURE = {
    'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xff, '\r', '\n', 0
  };
  private static final int HEADER = SIGNATURE.length + 8;
  private static final int BUFFER = 1 << 16;
  private static final int LONGEST_FIELD = 12;
  private static final int ARRAY_HEADER = 6 * Integer.BYTES;
  private static final int INT4 = 23;
  private static final int TEXT = 25;

  private BinaryCopy() {}

  /** Writes rows; every row has the same number of fields. */
  public static final class Writer implements Cells {
    private final CopyIn copy;
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
    private int fields;

    /** Begins {@code COPY ... FROM STDIN (FORMAT binary)}. */
    Writer(Connection connection, String statement) throws SQLException {
      copy = connection.unwrap(PGConnection.class).getCopyAPI().copyIn(statement);
      buffer.put(SIGNATURE).putInt(0).putInt(0);
    }

    /** Begins a row. */
    public Writer row(int ofFields) throws SQLException {
      fields = ofFields;
      require(2 + fields * LONGEST_FIELD);
      buffer.putShort((short) fields);
      return this;
    }

    @Override
    public Writer integer(int value) {
      buffer.putInt(Integer.BYTES).putInt(value);
      return this;
    }

    @Override
    public Writer bigint(long value) {
      buffer.putInt(Long.BYTES).putLong(value);
      return this;
    }

    /** A number, or null where it is {@code none}. */
    public Writer bigintUnless(long none, long value) {
      if (value == none) {
        buffer.putInt(-1);
        return this;
      }
      return bigint(value);
    }

    @Override
    public Writer none(Kind kind, boolean isNarrow) {
      buffer.putInt(-1);
      return this;
    }

    /** A small number, or null where it is 0. */
    public Writer smallUnlessZero(int value) {
      if (value == 0) {
        buffer.putInt(-1);
      } else {
        buffer.putInt(Short.BYTES).putShort((short) value);
      }
      return this;
    }

    @Override
    public Writer small(int value) {
      buffer.putInt(Short.BYTES).putShort((short) value);
      return this;
    }

    @Override
    public Writer flag(boolean value) {
      buffer.putInt(1).put((byte) (value ? 1 : 0));
      return this;
    }

    @Override
    public Writer text(@Nullable String value) throws SQLException {
      return bytes(value == null ? null : value.getBytes(StandardCharsets.UTF_8));
    }

    /** Bytes or null; room for numbers in all other fields is left behind them. */
    @Override
    public Writer bytes(byte @Nullable [] value) throws SQLException {
      buffer.putInt(value == null ? -1 : value.length);
      if (value != null) {
        raw(value);
        require(fields * LONGEST_FIELD);
      }
      return this;
    }

    @Override
    public Writer texts(List<String> values) throws SQLException {
      List<byte[]> items =
          values.stream().map(value -> value.getBytes(StandardCharsets.UTF_8)).toList();
      array(TEXT, items.stream().mapToInt(item -> item.length).sum(), items.size());
      for (byte[] item : items) {
        require(Integer.BYTES);
        buffer.putInt(item.length);
        raw(item);
      }
      require(fields * LONGEST_FIELD);
      return this;
    }

    /** A part of these numbers as an array that is not empty. */
    public Writer integers(int[] values, int from, int to) throws SQLException {
      array(INT4, (to - from) * Integer.BYTES, to - from);
      for (int i = from; i < to; i++) {
        require(LONGEST_FIELD);
        integer(values[i]);
      }
      return this;
    }

    private void array(int type, int bytes, int items) throws SQLException {
      require(ARRAY_HEADER);
      buffer.putInt(ARRAY_HEADER - Integer.BYTES + items * Integer.BYTES + bytes);
      // One dimension, no nulls, the first index is 1.
      buffer.putInt(1).putInt(0).putInt(type).putInt(items).putInt(1);
    }

    private void raw(byte[] bytes) throws SQLException {
      if (bytes.length > buffer.remaining()) {
        send();
      }
      if (bytes.length > buffer.remaining()) {
        copy.writeToCopy(bytes, 0, bytes.length);
      } else {
        buffer.put(bytes);
      }
    }

    private void require(int bytes) throws SQLException {
      if (buffer.remaining() < bytes) {
        send();
      }
    }

    /** Ends the copy; answers how many rows the server took. */
    long end() throws SQLException {
      if (buffer.remaining() < Short.BYTES) {
        send();
      }
      buffer.putShort((short) -1);
      send();
      return copy.endCopy();
    }

    /** Whatever went wrong in between, the connection can be used again, if only to roll back. */
    void cancelUnlessEnded() throws SQLException {
      if (copy.isActive()) {
        copy.cancelCopy();
      }
    }

    private void send() throws SQLException {
      copy.writeToCopy(buffer.array(), 0, buffer.position());
      buffer.clear();
    }
  }

  /** Reads rows. */
  public static final class Reader implements CellSource {
    private final CopyOut copy;
    private ByteBuffer row = ByteBuffer.allocate(0);
    private boolean isFirst = true;
    private int begin;

    /** Begins {@code COPY ... TO STDOUT (FORMAT binary)}. */
    Reader(Connection connection, String statement) throws SQLException {
      copy = connection.unwrap(PGConnection.class).getCopyAPI().copyOut(statement);
    }

    /** Steps to the next row; false behind the last. */
    boolean next() throws SQLException {
      byte[] message = copy.readFromCopy();
      if (message == null) {
        return false;
      }
      row = ByteBuffer.wrap(message);
      if (isFirst) {
        isFirst = false;
        checkHeader();
        if (!row.hasRemaining()) {
          return next();
        }
      }
      if (row.getShort() < 0) {
        // The trailer; the end of the copy follows.
        return next();
      }
      begin = row.position();
      return true;
    }

    /**
     * Reads what is left, so that the connection can be used again, if only to roll back. A cancel
     * would go another way to the server, and might arrive in the middle of what comes next.
     */
    void drain() throws SQLException {
      byte[] ignored = new byte[0];
      while (copy.isActive() && ignored != null) {
        ignored = copy.readFromCopy();
      }
    }

    /** The next field of the row, of whatever width, or {@code none} where it is null. */
    public long number(long none) {
      int width = row.getInt();
      return switch (width) {
        case -1 -> none;
        case Short.BYTES -> row.getShort();
        case Integer.BYTES -> row.getInt();
        default -> row.getLong();
      };
    }

    /** Steps back to the first field of the row. */
    public void rewind() {
      row.position(begin);
    }

    @Override
    public boolean isNull() {
      return row.getInt(row.position()) < 0;
    }

    @Override
    public void skip(int columns) {
      for (int column = 0; column < columns; column++) {
        int width = row.getInt();
        row.position(row.position() + Math.max(0, width));
      }
    }

    @Override
    public long number(Field<?, ?> of) {
      if (isNull()) {
        throw RowColumns.missing(of);
      }
      return number(0);
    }

    /** The next field of the row as text, or null. */
    @Override
    @Nullable
    public String text() {
      int width = row.getInt();
      if (width < 0) {
        return null;
      }
      String text = new String(row.array(), row.position(), width, StandardCharsets.UTF_8);
      row.position(row.position() + width);
      return text;
    }

    @Override
    public byte @Nullable [] bytes() {
      int width = row.getInt();
      if (width < 0) {
        return null;
      }
      byte[] bytes = new byte[width];
      row.get(bytes);
      return bytes;
    }

    /** The next field of the row, a boolean that is never null. */
    @Override
    public boolean flag() {
      row.getInt();
      return row.get() != 0;
    }

    private void checkHeader() throws SQLException {
      byte[] signature = new byte[SIGNATURE.length];
      row.get(signature);
      if (!java.util.Arrays.equals(signature, SIGNATURE)) {
        throw new SQLException(
            "copy begins with " + new String(signature, StandardCharsets.ISO_8859_1));
      }
      row.position(HEADER);
    }
  }
}
