package dev.stowage.model;

import dev.stowage.columns.ForeignText;
import dev.stowage.shape.Form;
import dev.stowage.shape.Forms;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The version of a worker's software, {@code major.minor.patch}, compared by number. */
public record WorkerVersion(int major, int minor, int patch) implements Comparable<WorkerVersion> {
  /** The version of a worker that states none, and the minimum that restricts nothing. */
  public static final WorkerVersion ZERO = new WorkerVersion(0, 0, 0);

  /** The form of a version: its text. */
  static final Form<WorkerVersion> FORM = Forms.text(WorkerVersion::parse, WorkerVersion::toString);

  private static final Pattern PATTERN =
      Pattern.compile("([0-9]{1,9})\\.([0-9]{1,9})\\.([0-9]{1,9})");

  /** Throws {@link IllegalArgumentException} for a negative part. */
  public WorkerVersion {
    Names.atLeast(major, 0, "major version");
    Names.atLeast(minor, 0, "minor version");
    Names.atLeast(patch, 0, "patch version");
  }

  /** Parses {@code major.minor.patch}; throws {@link IllegalArgumentException} for another form. */
  public static WorkerVersion parse(String text) {
    Matcher parts = PATTERN.matcher(Objects.requireNonNull(text, "text"));
    if (!parts.matches()) {
      throw new IllegalArgumentException(
          "version is '"
              + ForeignText.quoted(text)
              + "'; major.minor.patch is accepted, such as 1.2.0");
    }
    return new WorkerVersion(
        Integer.parseInt(parts.group(1)),
        Integer.parseInt(parts.group(2)),
        Integer.parseInt(parts.group(3)));
  }

  @Override
  public int compareTo(WorkerVersion other) {
    int byMajor = Integer.compare(major, other.major);
    if (byMajor != 0) {
      return byMajor;
    }
    int byMinor = Integer.compare(minor, other.minor);
    return byMinor != 0 ? byMinor : Integer.compare(patch, other.patch);
  }

  /** Returns the version as {@code major.minor.patch}. */
  @Override
  public String toString() {
    return major + "." + minor + "." + patch;
  }
}
