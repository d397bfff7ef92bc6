package io.sluice.lake;

import java.util.function.Predicate;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.OutputFile;

/** Local files; once, others do something just before a file of some name is written. */
final class MeanwhileFileIO implements FileIO {

  private static final long serialVersionUID = 1L;

  private final transient Predicate<String> name;
  private final transient Runnable action;
  private final ForcingFileIO io = new ForcingFileIO();
  private boolean done;

  MeanwhileFileIO(Predicate<String> name, Runnable action) {
    this.name = name;
    this.action = action;
  }

  @Override
  public InputFile newInputFile(String location) {
    return io.newInputFile(location);
  }

  @Override
  public OutputFile newOutputFile(String location) {
    if (!done && name.test(location.substring(location.lastIndexOf('/') + 1))) {
      done = true;
      action.run();
    }
    return io.newOutputFile(location);
  }

  @Override
  public void deleteFile(String location) {
    io.deleteFile(location);
  }
}
