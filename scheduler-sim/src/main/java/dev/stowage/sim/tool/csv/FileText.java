package dev.stowage.sim.tool.csv;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/** Reads a whole file of text in UTF-8, with or without a byte-order mark. Stateless. */
public final class FileText {
  private static final String BYTE_ORDER_MARK = "\uFEFF";

  private FileText() {}

  /** Returns the text of a file; empty, with a problem recorded, if it cannot be read. */
  public static Optional<String> read(Path file, ProblemList problems) {
    try {
      if (Files.isDirectory(file)) {
        return refuse(file, problems, "a readable file", "a directory");
      }
      ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
      String text = StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
      return Optional.of(text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text);
    } catch (CharacterCodingException malformed) {
      return refuse(file, problems, "text in UTF-8", "bytes that are not UTF-8");
    } catch (NoSuchFileException missing) {
      return refuse(file, problems, "a file", "nothing of that name");
    } catch (AccessDeniedException denied) {
      return refuse(file, problems, "a readable file", "one that may not be read");
    } catch (IOException unreadable) {
      return refuse(file, problems, "a readable file", unreadable.getClass().getSimpleName());
    }
  }

  private static Optional<String> refuse(
      Path file, ProblemList problems, String expected, String found) {
    problems.add(InputProblem.ofFile(file.toString(), expected, found));
    return Optional.empty();
  }
}
