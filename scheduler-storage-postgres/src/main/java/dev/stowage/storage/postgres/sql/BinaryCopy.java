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

/** Rows in PostgreSQL's binary COPY format. Belongs to one thread. */
public final class BinaryCopy {
  private static final byte[] SIGNATURE = {
    'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xff, '\r', '\n', 0
  };
  private static final int HEADER = SIGNATURE.length + 8;
  private static final int BUFFER = 1 << 16;
  private static final int LONGEST_FIELD = 12;
  private static final int ARRAY_HEADER = 6 * Integer.BYTES;
  private static final int TEXT = 25;

  private BinaryCopy() {}

  public static final class Writer implements Cells {
    private final CopyIn copy;
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
    private int fields;

    Writer(Connection connection, String statement) throws SQLException {
      copy = connection.unwrap(PGConnection.class).getCopyAPI().copyIn(statement);
      buffer.put(SIGNATURE).putInt(0).putInt(0);
    }

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

    /** Writes {@code value}, or null for {@code none}. */
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

    /** Writes a number, or null for 0. */
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

    /** Writes bytes or null, and keeps room for numbers in all other fields. */
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

    private void array(int type, int bytes, int items) throws SQLException {
      require(ARRAY_HEADER);
      buffer.putInt(ARRAY_HEADER - Integer.BYTES + items * Integer.BYTES + bytes);
      // One dimension, no nulls, first index 1.
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

    /** Ends the copy; returns the number of rows that the server took. */
    long end() throws SQLException {
      if (buffer.remaining() < Short.BYTES) {
        send();
      }
      buffer.putShort((short) -1);
      send();
      return copy.endCopy();
    }

    /** Frees the connection after a failure, for a rollback at least. */
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

  public static final class Reader implements CellSource {
    private final CopyOut copy;
    private ByteBuffer row = ByteBuffer.allocate(0);
    private boolean isFirst = true;
    private int begin;

    Reader(Connection connection, String statement) throws SQLException {
      copy = connection.unwrap(PGConnection.class).getCopyAPI().copyOut(statement);
    }

    /** Steps to the next row; returns false behind the last. */
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

    /** Reads the remaining rows; a cancel takes another way and might hit a later statement. */
    void drain() throws SQLException {
      byte[] ignored = new byte[0];
      while (copy.isActive() && ignored != null) {
        ignored = copy.readFromCopy();
      }
    }

    /** Returns the next field, of any width, or {@code none} for null. */
    public long number(long none) {
      int width = row.getInt();
      return switch (width) {
        case -1 -> none;
        case Short.BYTES -> row.getShort();
        case Integer.BYTES -> row.getInt();
        default -> row.getLong();
      };
    }

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
