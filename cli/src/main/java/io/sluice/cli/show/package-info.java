/** What a terminal is shown: safe text of limited width, in colours where they are wanted. */
@NullMarked
package io.sluice.cli.show;

import org.jspecify.annotations.NullMarked;
