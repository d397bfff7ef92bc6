package io.sluice.lake;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.io.FileInfo;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.OutputFile;
import org.apache.iceberg.io.SupportsPrefixOperations;

/** Local files; others do something just after they are listed. */
final class ListingFileIO implements SupportsPrefixOperations {

  private static final long serialVersionUID = 1L;

  private final transient Runnable afterwards;
  private final ForcingFileIO io = new ForcingFileIO();
  int listed;

  ListingFileIO(Runnable afterwards) {
    this.afterwards = afterwards;
  }

  @Override
  public Iterable<FileInfo> listPrefix(String prefix) {
    List<FileInfo> found = new ArrayList<>();
    io.listPrefix(prefix).forEach(found::add);
    listed++;
    afterwards.run();
    return found;
  }

  @Override
  public void deletePrefix(String prefix) {
    io.deletePrefix(prefix);
  }

  @Override
  public InputFile newInputFile(String location) {
    return io.newInputFile(location);
  }

  @Override
  public OutputFile newOutputFile(String location) {
    return io.newOutputFile(location);
  }

  @Override
  public void deleteFile(String location) {
    io.deleteFile(location);
  }

  @Override
  public Map<String, String> properties() {
    return io.properties();
  }
}
