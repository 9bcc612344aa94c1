package dev.stowage.evidence.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A device that notes its steps and refuses one of them. */
final class StubbornDevice implements Device {
  final List<String> steps = new ArrayList<>();
  String refuses = "";

  @Override
  public void write(Path file, byte[] content) throws IOException {
    if (refuses.equals("write")) {
      Files.write(file, Arrays.copyOf(content, content.length / 2));
    }
    step("write");
    Device.FILE_SYSTEM.write(file, content);
  }

  @Override
  public void force(Path file) throws IOException {
    step("force");
    Device.FILE_SYSTEM.force(file);
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    step("rename");
    Device.FILE_SYSTEM.rename(from, to);
  }

  @Override
  public void forceFolderOf(Path file) throws IOException {
    step("force folder");
    Device.FILE_SYSTEM.forceFolderOf(file);
  }

  private void step(String step) throws IOException {
    steps.add(step);
    if (refuses.equals(step)) {
      throw new IOException("No space left on device");
    }
  }
}
