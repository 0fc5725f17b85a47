print("differential")
