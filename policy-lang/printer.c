/* SPDX-License-Identifier: Apache-2.0 */
#include "policy-lang/printer.h"

void print_word(struct printer *printer, const char *text)
{
	text_add_string(&printer->piece, text);
}

/* Letters: bytes but those that go on with a letter of UTF-8. */
static unsigned int piece_width(const struct text *piece)
{
	unsigned int width = 0;

	for (size_t i = 0; i < piece->length; i++)
		width += ((unsigned char)piece->bytes[i] & 0xc0) != 0x80;
	return width;
}

/* Whether the piece, WIDTH letters, goes to a line of its own. */
static bool piece_wraps(const struct printer *printer, unsigned int width)
{
	return printer->broken && printer->column + 1 + width > printer->limit &&
	       printer->column > printer->resume;
}

static void printer_pad(struct printer *printer, unsigned int column)
{
	for (unsigned int i = 0; i < printer->tabs; i++)
		text_add_char(printer->out, '\t');
	for (unsigned int i = printer->tabs * PRINT_TAB; i < column; i++)
		text_add_char(printer->out, ' ');
	printer->column = column;
}

void print_flush(struct printer *printer)
{
	unsigned int width = piece_width(&printer->piece);

	if (printer->measuring)
		return;
	if (piece_wraps(printer, width)) {
		text_add_char(printer->out, '\n');
		printer_pad(printer, printer->resume);
	} else if (printer->broken) {
		text_add_char(printer->out, ' ');
		printer->column++;
	}
	printer->broken = false;
	if (printer->piece.length)
		text_add(printer->out, printer->piece.bytes, printer->piece.length);
	printer->out->failed |= printer->piece.failed;
	printer->column += width;
	printer->piece.length = 0;
}

void print_break(struct printer *printer)
{
	if (printer->measuring)
		print_word(printer, " ");
	print_flush(printer);
	printer->broken = true;
	printer->resume = printer->align;
}

void print_wrap(struct printer *printer)
{
	print_flush(printer);
	text_add_char(printer->out, '\n');
	printer_pad(printer, printer->align);
}

unsigned int print_position(const struct printer *printer)
{
	unsigned int width = piece_width(&printer->piece);

	return (piece_wraps(printer, width) ? printer->resume : printer->column + printer->broken) +
	       width;
}
