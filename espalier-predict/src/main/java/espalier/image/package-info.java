/**
 * Pictures as files and as pixels: the decode gate, headers, resampling, writing. Knows no tensors.
 *
 * <p>Start with {@code ImageReader}. Everything about a file that can be known without decoding it is
 * parsed in Java and checked against limits first; PNG, GIF and BMP are decoded in Java altogether, TIFF by
 * TwelveMonkeys, JPEG and WebP by OpenCV's codecs, which see only the parts of a file that they need. What is done to
 * pictures for training belongs to {@code espalier.vision}.
 */
@NullMarked
package espalier.image;

import org.jspecify.annotations.NullMarked;
