prettyPrint();
