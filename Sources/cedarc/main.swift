print("cedarc")
