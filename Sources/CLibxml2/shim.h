// Only what we call; everything that we need of libxml2 can be imported as it is.
#include <libxml/parser.h>
#include <libxml/tree.h>
#include <libxml/xmlerror.h>
