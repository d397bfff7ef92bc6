/**
 * Care for the tables beside running Writers: {@link io.sluice.lake.maintain.Maintenance} deletes
 * days that are over their time and files that nothing refers to, and makes large files of small
 * ones.
 */
@NullMarked
package io.sluice.lake.maintain;

import org.jspecify.annotations.NullMarked;
